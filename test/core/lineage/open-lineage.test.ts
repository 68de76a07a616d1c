import { expect, it } from 'vitest';
import { linkRecords, relatedTo } from '../../../core/lineage/lineage-graph.ts';
import { openLineageEvents } from '../../../core/lineage/open-lineage.ts';
import { MODEL, RECORDS } from './lineage-fixture.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

// The events were also read by the reference client, openlineage-python 1.54.0, which checks run ids, times and names.
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
