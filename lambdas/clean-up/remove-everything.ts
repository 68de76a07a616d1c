/** What a model's machines made outside of CloudFormation, and how it is found and removed. */
export interface Leftovers {
  /** Stops the running executions of one machine; how many there were. */
  stopExecutions(machineArn: string): Promise<number>;
  /** Stops the running training and transform jobs below a prefix; how many there were. */
  stopJobs(prefix: string): Promise<number>;
  /** `gone`, SageMaker's status in capitals when it is there. */
  endpointStatus(name: string): Promise<string>;
  deleteEndpoint(name: string): Promise<void>;
  /** Deletes endpoint configs, then models, below a prefix; how many there were. */
  deleteConfigsAndModels(prefix: string): Promise<number>;
  /** Deletes the packages of a group, which stays; how many there were. */
  deletePackages(group: string): Promise<number>;
}

export interface Removal {
  readonly endpointName: string;
  readonly packageGroupName: string;
  readonly jobPrefix: string;
  readonly machineArns: readonly string[];
}

/** Time and waiting, so that the removal ends before the function does. */
export interface Patience {
  readonly remainingMilliseconds: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly say: (what: string) => void;
}

const POLL_MILLISECONDS = 5_000;
/** Time that the last steps need. */
const RESERVE_MILLISECONDS = 30_000;
/** Statuses in which SageMaker takes a deletion. */
const DELETABLE: ReadonlySet<string> = new Set(['INSERVICE', 'FAILED', 'OUTOFSERVICE', 'UPDATEROLLBACKFAILED']);

/**
 * Removes everything, in the order in which SageMaker allows it. `unfinished` when the endpoint was still busy as time ran out;
 * doing it again goes on from there.
 */
export async function removeEverything(
  removal: Removal,
  leftovers: Leftovers,
  patience: Patience,
): Promise<'done' | 'unfinished'> {
  for (const arn of removal.machineArns)
    patience.say(`${await leftovers.stopExecutions(arn)} executions of ${arn} stopped`);
  patience.say(`${await leftovers.stopJobs(removal.jobPrefix)} jobs stopped`);
  if (!(await endpointGone(removal.endpointName, leftovers, patience))) return 'unfinished';
  patience.say(`${await leftovers.deleteConfigsAndModels(removal.jobPrefix)} endpoint configs and models deleted`);
  patience.say(`${await leftovers.deletePackages(removal.packageGroupName)} model packages deleted`);
  return 'done';
}

async function endpointGone(name: string, leftovers: Leftovers, patience: Patience): Promise<boolean> {
  for (;;) {
    const status = (await leftovers.endpointStatus(name)).replaceAll('_', '').toUpperCase();
    if (status === 'GONE') return true;
    // An endpoint that is being created or updated refuses deletion until it has settled.
    if (DELETABLE.has(status)) await leftovers.deleteEndpoint(name);
    if (patience.remainingMilliseconds() < RESERVE_MILLISECONDS) return false;
    patience.say(`endpoint ${name} is ${status}`);
    await patience.sleep(POLL_MILLISECONDS);
  }
}

/**
 * Does a name belong to this model's jobs? After the prefix come letters and digits of an execution and what tells tries apart;
 * more than that is another model whose name begins like this one's.
 */
export function isOfModel(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && /^[a-z0-9]+(-(ca|ch)?\d{1,3})?$/.test(name.slice(prefix.length));
}
