import { beforeAll, describe, expect, it } from 'vitest';
import { AuditVerdictSchema, LineageGraphSchema } from '../../contracts/lineage.ts';
import { type RehearsalResult, RehearsalResultSchema } from '../../contracts/rehearsal.ts';
import { type Ended, modelway } from './run-modelway.ts';

describe('the whole loop, from an upload to a rolled-back bad model', () => {
  let ended: Ended;
  let result: RehearsalResult;

  beforeAll(async () => {
    ended = await modelway(['rehearse', '--exit', '--json']);
    result = RehearsalResultSchema.parse(JSON.parse(ended.out));
  }, 240_000);

  const happened = (what: RegExp) => result.timeline.filter((entry) => what.test(entry.what));

  it('ends well, with one JSON document on standard output', () => {
    expect(result.failure).toBeUndefined();
    expect(result.outcome).toBe('ok');
    expect(ended.code).toBe(0);
  });

  it('trains more than one version and leaves one live', () => {
    expect(result.models[0]?.versions).toBeGreaterThanOrEqual(4);
    expect(result.models[0]?.live).toMatch(/^arn:aws:sagemaker:.*:model-package\/modelway-flight-delay\/\d+$/);
  });

  it('starts everything by the upload itself: the intake machine is the first to run', () => {
    expect(happened(/started/)[0]?.what).toBe('intake started');
  });

  it('raises the drift alarm from the data and tells somebody', () => {
    expect(result.timeline.some((entry) => /ALARM/.test(entry.what) && /drift/.test(entry.ref))).toBe(true);
    expect(happened(/^message: .*drift/i).length).toBeGreaterThan(0);
  });

  it('delivers every alert that was published to the person on call', () => {
    expect(result.figures['alerts that reached somebody on call']).toBe(happened(/^message: /).length);
  });

  it('shows the drift on the fleet dashboard', () => {
    expect(Number(result.figures['dashboard, values of DriftedFeatures'])).toBeGreaterThan(10);
  });

  it('rolls the faulty release back and goes on serving the old version', () => {
    expect(happened(/^rolled back/)).toHaveLength(1);
    expect(happened(/never stopped serving/)).toHaveLength(1);
  });

  it('refuses the model of shuffled labels', () => {
    expect(happened(/^candidate refused/)).toHaveLength(1);
  });

  it('prints the lineage of what serves, back to the upload', () => {
    expect(result.lineage[0]).toMatch(/^deployment /);
    expect(result.lineage.some((line) => /^ +intake /.test(line))).toBe(true);
  });

  it('leaves an audit chain without a gap, which vouches for every record', async () => {
    const { code, out } = await modelway(['audit', 'verify', '--rehearsal', '--json']);
    expect(AuditVerdictSchema.parse(JSON.parse(out))).toMatchObject({ verdict: 'intact', broken: null, differing: [] });
    expect(code).toBe(0);
  });

  it('leads from the live model to all that it was made from: back through the windows whose drift asked for it', async () => {
    const { out } = await modelway(['lineage', 'live', '--rehearsal', '--json']);
    const { nodes, edges } = LineageGraphSchema.parse(JSON.parse(out));
    const arrows = edges.map(({ from, to }) => `${from.split('#')[0]} ${to.split('#')[0]}`);
    for (const arrow of [
      'intake dataset',
      'dataset snapshot',
      'dataset decision',
      'snapshot run',
      'decision run',
      'run package',
      'package deployment',
      'deployment window',
      'window decision',
    ])
      expect(arrows).toContain(arrow);
    const facts = (kind: string) => nodes.filter((node) => node.kind === kind).map((node) => Object.keys(node.facts));
    for (const names of facts('run'))
      expect(names).toEqual(expect.arrayContaining(['codeHash', 'packages', 'hyperparameters', 'seed', 'gate auc']));
    for (const names of facts('deployment')) expect(names).toEqual(expect.arrayContaining(['imageDigest', 'approved']));
    for (const names of facts('window')) expect(names).toEqual(expect.arrayContaining(['captured predictions']));
  });

  it('monitors windows of at least a thousand rows and sends at least twenty thousand', () => {
    expect(Number(result.figures['rows asked about'])).toBeGreaterThanOrEqual(20_000);
    expect(Number(result.figures['rows in the smallest judged window'])).toBeGreaterThanOrEqual(1000);
  });

  it('keeps the memory of all processes together within four gigabytes', () => {
    expect(result.peakMemoryMB).toBeLessThan(4096);
  });
});
