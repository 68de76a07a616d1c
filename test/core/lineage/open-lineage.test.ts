import { expect, it } from 'vitest';
import { z } from 'zod';
import { linkRecords, relatedTo } from '../../../core/lineage/lineage-graph.ts';
import { openLineageEvents } from '../../../core/lineage/open-lineage.ts';
import { MODEL, RECORDS } from './lineage-fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const Facet = z.looseObject({ _producer: z.url(), _schemaURL: z.url() });
const Dataset = z.strictObject({ namespace: z.string().min(1), name: z.string().min(1) });
/** What the specification 2-0-2 asks of a run event: required members and the formats of their values. */
const RunEvent = z.strictObject({
  eventType: z.enum(['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER']),
  eventTime: z.iso.datetime(),
  run: z.strictObject({ runId: z.uuid(), facets: z.record(z.string(), Facet) }),
  job: z.strictObject({ namespace: z.string().min(1), name: z.string().min(1) }),
  inputs: z.array(Dataset),
  outputs: z.array(Dataset),
  producer: z.url(),
  schemaURL: z.url(),
});

// Beyond this: events of a rehearsal were held against the published OpenLineage.json of specification 2-0-2 (ajv 8.20.0 with formats),
// and read by the reference client, openlineage-python 1.54.0.
it('every event has what the specification asks for, in its formats', () => {
  const linked = linkRecords(MODEL, RECORDS);
  for (const { sk } of RECORDS)
    for (const event of openLineageEvents('modelway', relatedTo(linked, sk)))
      expect(RunEvent.parse(event)).toEqual(event);
});

it('every record becomes one complete run event that reads its parents and writes the record', () => {
  const events = openLineageEvents('modelway', relatedTo(linkRecords(MODEL, RECORDS), 'run#e-1'));
  expect(events).toHaveLength(8);
  const run = events.find(({ job }) => job.name === 'run');
  expect(run).toMatchObject({
    eventType: 'COMPLETE',
    eventTime: '2001-02-04T10:00:00.000Z',
    job: { namespace: 'modelway/flights', name: 'run' },
    outputs: [{ namespace: 'modelway/flights', name: 'run#e-1' }],
  });
  expect(run?.inputs.map(({ name }) => name)).toEqual(['snapshot#s-1', 'decision#e-1']);
  expect(new Set(events.map((event) => event.run.runId)).size).toBe(8);
  for (const event of events) expect(event.run.runId).toMatch(UUID);
});

it('a record that is only named makes no event', () => {
  const events = openLineageEvents('modelway', relatedTo(linkRecords(MODEL, RECORDS), 'failure#f-1'));
  expect(events.map(({ job }) => job.name)).toEqual(['failure']);
});
