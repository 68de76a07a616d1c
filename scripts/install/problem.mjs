/** Something the user can mend: shown as one sentence, without a stack, before exit code 2. */
export class InstallProblem extends Error {}
