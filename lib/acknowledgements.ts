/** One finding that we leave as it is, and why a reviewer may agree. */
export interface Acknowledgement {
  readonly tool: 'cdk-nag' | 'checkov' | 'cfn-lint';
  readonly rule: string;
  /** Resources, by their path in the construct tree below the stack. */
  readonly resource: RegExp;
  /** Resource type. Left out: any. */
  readonly type?: string;
  /** For rules that name each wildcard of a policy: which ones. Left out: the rule as a whole. */
  readonly finding?: RegExp;
  readonly reason: string;
}

/** Every acknowledged finding of every tool; a test fails when one is no longer needed. */
export const ACKNOWLEDGEMENTS: readonly Acknowledgement[] = [];
