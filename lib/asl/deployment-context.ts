import type { MachineContext } from './machine.ts';

/** What the deployment machine knows besides the model; strings may hold CloudFormation references. */
export interface DeploymentContext extends MachineContext {
  readonly platform: string;
  readonly region: string;
  readonly tableName: string;
  readonly keyArn: string;
  readonly topicArn: string;
  readonly endpointRoleArn: string;
  readonly vpc: { readonly SecurityGroupIds: readonly string[]; readonly Subnets: readonly string[] };
  /** Description of the green alarms, kept when the machine puts them again. */
  readonly greenAlarmDescription: string;
}

/** States in which SageMaker refuses both update and delete, as a JSONata array. */
export const BUSY = "['Creating', 'Updating', 'SystemUpdating', 'RollingBack', 'Deleting']";
