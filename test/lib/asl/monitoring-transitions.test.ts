import { expect, test } from 'vitest';
import { parseModel } from '../../../contracts/model-config.ts';
import { TYPICAL_WINDOW } from '../../../core/cost/monitoring-cost.ts';
import { monitoringMachine } from '../../../lib/asl/monitoring.ts';
import { fixtureModel } from '../fixture-app.ts';
import { stateOf } from './evaluate.ts';

const machine = monitoringMachine({ model: parseModel(fixtureModel), functionArn: (name) => `arn:${name}` });

/** States from one to the end, by the way that choices take when nothing special is to be done. */
function path(from: string): readonly string[] {
  const state = stateOf(machine, from);
  if (state.Type === 'Succeed' || state.Type === 'Fail') return [from];
  return [from, ...path(state.Type === 'Choice' ? state.Default : state.Next)];
}

test('a window that closes, and one whose labels are mature, take as many steps as the plan charges', () => {
  const closes = path(machine.StartAt);
  const again = path('Judge').slice(0, path('Judge').indexOf('More?') + 1);
  // AWS charges the start of an execution as one more.
  expect(1 + closes.length + again.length).toBeLessThanOrEqual(TYPICAL_WINDOW.transitions);
});
