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
