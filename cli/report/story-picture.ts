import type { RehearsalResult } from '../../contracts/rehearsal.ts';
import { type Html, html } from '../../core/report/html.ts';

type Entry = RehearsalResult['timeline'][number];

const LANES = ['user', 'intake', 'retraining', 'training', 'deployment', 'monitoring', 'alarm', 'message'] as const;
const LEFT = 90;
const WIDTH = 880;
const LANE_HEIGHT = 26;

/** All events over virtual time, a lane for each actor; a title on every mark says what it was. */
export function storyPicture(timeline: readonly Entry[]): Html {
  const times = timeline.map((entry) => Date.parse(entry.at)).filter(Number.isFinite);
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const x = (at: string) => LEFT + ((Date.parse(at) - from) / Math.max(1, to - from)) * WIDTH;
  const height = LANES.length * LANE_HEIGHT + 30;
  const lanes = LANES.map((lane, index) => {
    const y = index * LANE_HEIGHT + 16;
    const marks = timeline.filter((entry) => laneOf(entry) === lane).map((entry) => mark(entry, x(entry.at), y));
    return html`<line x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y}" y2="${y}" stroke="var(--line)"/><text x="${LEFT - 10}" y="${y + 4}" text-anchor="end">${lane}</text>${marks}`;
  });
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  return html`<figure><svg viewBox="0 0 ${LEFT + WIDTH + 20} ${height}" role="img" aria-label="${timeline.length} events from ${day(from)} to ${day(to)}">${lanes}
<text x="${LEFT}" y="${height - 4}">${day(from)}</text><text x="${LEFT + WIDTH}" y="${height - 4}" text-anchor="end">${day(to)}</text></svg>
<figcaption>Virtual time from left to right. Green: ended well. Red: failed, refused or in alarm. Point at a mark to read what it was.</figcaption></figure>`;
}

function laneOf({ who, what }: Entry): (typeof LANES)[number] | undefined {
  if (who === 'cloudwatch') return 'alarm';
  if (who === 'sns') return 'message';
  if (who === 'states') return LANES.find((lane) => what.startsWith(`${lane} `));
  return 'user';
}

function mark(entry: Entry, x: number, y: number): Html {
  const bad = /failed|timed_out|to ALARM|refused|rolled back/i.test(entry.what);
  const good = /succeeded|to OK/i.test(entry.what);
  const colour = bad ? 'bad' : good ? 'good' : 'first';
  return html`<circle cx="${x}" cy="${y}" r="4.5" fill="var(--${colour})" fill-opacity="0.75"><title>${entry.at.slice(0, 16).replace('T', ' ')} ${entry.what} ${entry.ref}</title></circle>`;
}
