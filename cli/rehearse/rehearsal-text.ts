import type { RehearsalResult } from '../../contracts/rehearsal.ts';

/** What a rehearsal prints for people: what happened and when, the figures, how long it took, where to look. */
export function rehearsalText(result: RehearsalResult, reportFile: string | undefined): string {
  const timeline = result.timeline.map(
    (entry) =>
      `  ${entry.at.slice(0, 16).replace('T', ' ')}  ${entry.who.padEnd(10)}  ${entry.what}${reference(entry.ref)}`,
  );
  const figures = Object.entries(result.figures).map(([name, value]) => `  ${name}: ${value}`);
  const stages = result.stages.map((stage) => `  ${stage.seconds.toFixed(1).padStart(6)} s  ${stage.name}`);
  const models = result.models.map(
    (model) => `  ${model.name}: ${model.versions} training runs, live: ${model.live ?? 'nothing'}`,
  );
  return [
    'what happened (virtual time)',
    ...timeline,
    '',
    'figures',
    ...figures,
    '',
    'models',
    ...models,
    '',
    'lineage of the live model',
    ...result.lineage.map((line) => `  ${line}`),
    '',
    'how long it took (real time)',
    ...stages,
    `  ${result.totalSeconds.toFixed(1).padStart(6)} s  in all; peak memory of all processes ${result.peakMemoryMB} MB`,
    '',
    `outcome: ${result.outcome}`,
    ...(reportFile === undefined ? [] : [`report: ${reportFile}`]),
    '',
  ].join('\n');
}

function reference(ref: string): string {
  return ref === '' ? '' : `  [${ref.length > 48 ? `${ref.slice(0, 47)}…` : ref}]`;
}
