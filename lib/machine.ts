import { Stack } from 'aws-cdk-lib';
import { type IManagedPolicy, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { type MachineKind, machineName } from '../contracts/names.ts';
import type { Definition } from './asl/states.ts';
import { MACHINE_PERMISSIONS, type MachinePermissionsProps } from './machine-permissions.ts';

export interface MachineProps extends MachinePermissionsProps {
  readonly kind: MachineKind;
  readonly definition: Definition;
  readonly logGroup: ILogGroup;
  /** What every machine of a model may: one policy for all, since a policy holds 6,144 characters and names may be long. */
  readonly common: IManagedPolicy;
}

/** One of a model's state machines, with its own role. The role's rights are complete before the machine is made. */
export class Machine extends Construct {
  readonly arn: string;
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: MachineProps) {
    super(scope, id);
    const { kind, platform, model } = props;
    const role = new Role(this, 'Role', {
      description: `${platform}-${model}: ${kind} machine`,
      assumedBy: new ServicePrincipal('states.amazonaws.com'),
      managedPolicies: [props.common],
    });
    const policy = new ManagedPolicy(this, 'Policy', {
      roles: [role],
      statements: [...MACHINE_PERMISSIONS[kind](props)],
    });
    this.stateMachine = new StateMachine(this, 'Machine', {
      stateMachineName: machineName(platform, model, kind),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(props.definition)),
      role: role.withoutPolicyUpdates(),
      tracingEnabled: true,
      logs: { destination: props.logGroup, level: LogLevel.ALL, includeExecutionData: false },
    });
    this.stateMachine.node.addDependency(policy);
    this.arn = this.stateMachine.stateMachineArn;
  }
}
