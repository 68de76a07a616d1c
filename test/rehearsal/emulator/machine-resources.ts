import { allow, arnOf, role } from '../rig/small-assembly.ts';

type Json = Readonly<Record<string, unknown>>;

/** ARNs of what a small assembly named `contract` declares. */
export const arn = (service: string, rest: string) => `arn:aws:${service}:us-east-1:123456789012:${rest}`;

/** A state machine of JSONata states with a role of its own that holds `rights`. */
export const machine = (name: string, states: Json, rights: readonly Json[], top: Json = {}) => ({
  [`${name}Role`]: role('states.amazonaws.com', ...rights),
  [name]: {
    Type: 'AWS::StepFunctions::StateMachine',
    Properties: {
      StateMachineName: name,
      RoleArn: arnOf(`${name}Role`),
      DefinitionString: JSON.stringify({
        QueryLanguage: 'JSONata',
        StartAt: Object.keys(states)[0],
        States: states,
        ...top,
      }),
    },
  },
});

/** A Task state; `catching` sends its failure to the state `Caught`, as `{Error, Cause}`. */
export const task = (resource: string, args: Json, rest: Json = {}) => ({
  Type: 'Task',
  Resource: `arn:aws:states:::${resource}`,
  Arguments: args,
  End: true,
  ...rest,
});

export const catching = (...names: readonly string[]) => ({
  Catch: [{ ErrorEquals: names, Output: '{% $states.errorOutput %}', Next: 'Caught' }],
});

export const caught = { Type: 'Pass', End: true };

export const invoke = (name: string) => allow('lambda:InvokeFunction', arn('lambda', `function:${name}`));

/** A customer-managed key that follows the account's policies, and lets `services` use it. */
export const key = (...services: readonly string[]) => ({
  Type: 'AWS::KMS::Key',
  Properties: {
    KeyPolicy: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'kms:*', Resource: '*' },
        ...services.map((Service) => ({
          Effect: 'Allow',
          Principal: { Service },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          Resource: '*',
        })),
      ],
    },
  },
});
