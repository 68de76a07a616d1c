import { createRequire } from 'node:module';
import jsonata from 'jsonata';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { MACHINES } from '../../contracts/names.ts';
import { inNewFolder } from '../lib/fixture-app.ts';
import { checkedApp, stacksOf, templateOf } from './checked-app.ts';

interface Branch {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}
interface State {
  readonly Type: string;
  readonly Next?: string | undefined;
  readonly Default?: string | undefined;
  readonly End?: boolean | undefined;
  readonly Resource?: string | undefined;
  readonly TimeoutSeconds?: number | undefined;
  readonly Retry?: readonly unknown[] | undefined;
  readonly Catch?: readonly { readonly ErrorEquals: readonly string[]; readonly Next: string }[] | undefined;
  readonly Choices?: readonly { readonly Next: string }[] | undefined;
  readonly Branches?: readonly Branch[] | undefined;
  readonly ItemProcessor?: Branch | undefined;
}
const BranchSchema: z.ZodType<Branch> = z.lazy(() =>
  z.looseObject({ StartAt: z.string(), States: z.record(z.string(), StateSchema) }),
);
const StateSchema: z.ZodType<State> = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  End: z.boolean().optional(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  Retry: z.array(z.unknown()).optional(),
  Catch: z.array(z.object({ ErrorEquals: z.array(z.string()), Next: z.string() })).optional(),
  Choices: z.array(z.object({ Next: z.string() })).optional(),
  Branches: z.array(BranchSchema).optional(),
  ItemProcessor: BranchSchema.optional(),
});
const ValidationSchema = z.object({ isValid: z.boolean(), errorsText: z.function().optional() });

interface Machine {
  readonly name: string;
  readonly definition: unknown;
}

const validate: (definition: unknown) => unknown = createRequire(import.meta.url)('asl-validator');
const { folder, remove } = inNewFolder();
const machines: Machine[] = [];

beforeAll(() => {
  const fixture = checkedApp(folder, 'as-deployed');
  fixture.app.synth();
  for (const stack of stacksOf(fixture))
    for (const { Type, Properties } of Object.values(templateOf(folder, stack.stackName).Resources))
      if (Type === 'AWS::StepFunctions::StateMachine') machines.push(machineOf(Properties ?? {}));
});
afterAll(remove);

describe('state machines of the templates', () => {
  test('there are six for every model', () => {
    const models = machines.length / MACHINES.length;
    expect(models).toBeGreaterThanOrEqual(2);
    expect(Number.isInteger(models)).toBe(true);
  });

  test('are valid Amazon States Language', () => {
    for (const { name, definition } of machines)
      expect([name, ValidationSchema.parse(validate(definition)).isValid]).toEqual([name, true]);
  });

  test('hold only expressions that parse as JSONata', () => {
    const found = machines.flatMap(({ name, definition }) => expressionsIn(definition).map((text) => ({ name, text })));
    expect(found.length).toBeGreaterThan(machines.length * 10);
    for (const { name, text } of found) expect(() => jsonata(text), `${name}: ${text}`).not.toThrow();
  });

  test('lead from the start to every state, and nowhere else', () => {
    for (const { name, definition } of machines)
      for (const branch of branchesOf(BranchSchema.parse(definition))) {
        const targets = Object.values(branch.States).flatMap(targetsOf);
        expect([name, new Set([branch.StartAt, ...targets])]).toEqual([name, new Set(Object.keys(branch.States))]);
      }
  });

  test('every task has a time limit and retries what is transient', () => {
    for (const { name, definition } of machines)
      for (const [state, { Type, Retry = [], TimeoutSeconds = 0 }] of statesOf(definition))
        if (Type === 'Task')
          expect([name, state, Retry.length > 0, TimeoutSeconds > 0]).toEqual([name, state, true, true]);
  });

  test('every task, parallel and map catches every error, at the latest around its branch', () => {
    for (const { name, definition } of machines)
      for (const [state, { Type, Catch = [] }] of Object.entries(BranchSchema.parse(definition).States))
        if (['Task', 'Parallel', 'Map'].includes(Type))
          expect([name, state, Catch.at(-1)?.ErrorEquals]).toEqual([name, state, ['States.ALL']]);
  });

  test('fail only by way of the record', () => {
    for (const { name, definition } of machines) {
      const { States } = BranchSchema.parse(definition);
      const leading = Object.entries(States).flatMap(([state, content]) =>
        targetsOf(content).includes('Failed') ? [state] : [],
      );
      expect([name, leading]).toEqual([name, ['RecordFailure', 'CountFailure']]);
    }
  });
});

const PropertiesSchema = z.object({ StateMachineName: z.string(), DefinitionString: z.unknown() });

function machineOf(properties: Readonly<Record<string, unknown>>): Machine {
  const { StateMachineName, DefinitionString } = PropertiesSchema.parse(properties);
  return { name: StateMachineName, definition: JSON.parse(textOf(DefinitionString)) };
}

/** A definition with every reference replaced by a word: it must be JSON whatever the references turn out to be. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = z.object({ 'Fn::Join': z.tuple([z.literal(''), z.array(z.unknown())]) }).safeParse(value);
  return join.success ? join.data['Fn::Join'][1].map(textOf).join('') : 'reference';
}

function branchesOf(branch: Branch): readonly Branch[] {
  const inner = Object.values(branch.States).flatMap(({ Branches = [], ItemProcessor }) => [
    ...Branches,
    ...(ItemProcessor === undefined ? [] : [ItemProcessor]),
  ]);
  return [branch, ...inner.flatMap(branchesOf)];
}

const statesOf = (definition: unknown) =>
  branchesOf(BranchSchema.parse(definition)).flatMap(({ States }) => Object.entries(States));

const targetsOf = ({ Next, Default, Choices = [], Catch = [] }: State): readonly string[] => [
  ...[Next, Default].filter((target) => target !== undefined),
  ...Choices.map((choice) => choice.Next),
  ...Catch.map((catcher) => catcher.Next),
];

function expressionsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return /^\{%.*%\}$/s.test(value) ? [value.slice(2, -2)] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsIn) : [];
}
