import type { Gate } from '../../contracts/gates.ts';
import type { GateEvidence } from './evidence.ts';
import { metric } from './wording.ts';

/** Every golden row's score must lie within its bounds. `value` is the number of rows missed. */
export function goldenRowsGate({ settings, golden }: GateEvidence): Gate {
  const rows = settings.goldenRows;
  if (rows.length === 0)
    return { name: 'golden-rows', verdict: 'not-applicable', reason: 'the config declares no golden rows' };
  const missed = rows.flatMap(({ name, atLeast = 0, atMost = 1 }, index) => {
    const score = golden[index]?.score;
    if (score !== undefined && score >= atLeast && score <= atMost) return [];
    return [`${name} scored ${score === undefined ? 'nothing' : metric(score)}, expected ${atLeast}–${atMost}`];
  });
  return {
    name: 'golden-rows',
    verdict: missed.length === 0 ? 'pass' : 'fail',
    value: missed.length,
    threshold: 0,
    reason:
      missed.length === 0
        ? `all ${rows.length} golden rows scored within their bounds`
        : `${missed.length} of ${rows.length} golden rows missed: ${missed.join('; ')}`,
  };
}
