import jsonata from 'jsonata';
import type { ChoiceState, Definition, Json, State } from '../../../lib/asl/states.ts';

type Variables = Readonly<Record<string, unknown>>;

/** The value of a field of a state: expressions evaluated by the reference implementation of JSONata, the rest as it stands. */
export async function evaluate(field: Json, variables: Variables): Promise<unknown> {
  if (typeof field === 'string') {
    const expression = /^\{%(.*)%\}$/s.exec(field)?.[1];
    return expression === undefined ? field : jsonata(expression).evaluate({}, { ...variables });
  }
  if (typeof field !== 'object' || field === null) return field;
  if (Array.isArray(field)) return Promise.all(field.map((item) => evaluate(item, variables)));
  const entries = Object.entries(field).map(async ([name, value]) => [name, await evaluate(value, variables)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** A state of a machine. */
export function stateOf(definition: Definition, name: string): State {
  const state = definition.States[name];
  if (state === undefined) throw new Error(`no state ${name} in ${Object.keys(definition.States).join(', ')}`);
  return state;
}

/** Where a choice leads with these variables. */
export async function choose(definition: Definition, name: string, variables: Variables): Promise<string> {
  const state: State = stateOf(definition, name);
  if (state.Type !== 'Choice') throw new Error(`${name} is a ${state.Type} state`);
  return firstTrue(state, variables);
}

async function firstTrue({ Choices, Default }: ChoiceState, variables: Variables): Promise<string> {
  for (const { Condition, Next } of Choices) {
    const holds = await evaluate(Condition, variables);
    if (typeof holds !== 'boolean')
      throw new Error(`${Condition} is ${String(holds)}, and Step Functions wants a boolean`);
    if (holds) return Next;
  }
  return Default;
}
