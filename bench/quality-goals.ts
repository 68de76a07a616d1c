import type { Bench, BenchContext, Figure } from './bench.ts';
import { binningError } from './quality-goals/binning.ts';
import { heldOutWeeks } from './quality-goals/flights.ts';
import { passedWhenWorse } from './quality-goals/gate-size.ts';
import { inTwoWorkers } from './quality-goals/in-two-workers.ts';
import { againstNannyml } from './quality-goals/nannyml.ts';
import type { Tally } from './quality-goals/tally.ts';
import type { DAY_WORLDS } from './quality-goals/uneven-days.ts';

const SIZES = {
  full: { references: 300, binned: 300_000, peerRows: 50_000, peerWindows: 30, days: 500, weeks: 200, draws: 2000 },
  quick: { references: 8, binned: 100_000, peerRows: 10_000, peerWindows: 3, days: 8, weeks: 3, draws: 40 },
};

/** How well quality is estimated without labels, and how rarely and how surely concept drift is called. */
export const qualityGoals: Bench = {
  name: 'quality-goals',
  summary: 'estimated quality beside CBPE, coverage of its intervals, false alarms and power of concept drift',
  environments: ['bench-quality'],
  run: async (context) => {
    const size = context.quick ? SIZES.quick : SIZES.full;
    const tally = await inTwoWorkers('references', 9000, size.references, (done) => {
      context.say(`${done} of ${size.references} references`);
    });
    context.say('binning, days, flights, gate, NannyML');
    return [
      ...estimateFigures(tally),
      ...peerFigures(context, size),
      {
        what: 'binned AUC against exact, largest of 6 worlds',
        value: binningError(size.binned),
        unit: '',
        goal: { atMost: 0.0005 },
        note: `10, 1 and .1 % positives, none and 1 sd, ${size.binned} rows`,
      },
      ...coverageFigures(tally),
      ...driftFigures(tally),
      ...(await dayFigures(context, size.days)),
      await flightFigure(size.weeks),
      {
        what: 'gate passes a model worse by the margin',
        value: 100 * passedWhenWorse(size.draws),
        unit: '%',
        goal: { atMost: 6 },
        note: `${size.draws} draws of 5,000 rows`,
      },
    ];
  },
};

function estimateFigures(tally: Tally): readonly Figure[] {
  const windows = `${tally.trials('error none')} windows of 5,000, references of 50,000`;
  return [
    {
      what: 'estimated AUC, mean error, no shift',
      value: tally.mean('error none'),
      unit: '',
      goal: { atMost: tally.mean('CBPE error none') },
      note: `${windows}; the goal is CBPE's (ours of it) on the same windows`,
    },
    {
      what: 'estimated AUC, mean error, covariate shift .8',
      value: tally.mean('error cov .8'),
      unit: '',
      goal: { atMost: 0.005 },
      note: `CBPE ${tally.mean('CBPE error cov .8').toFixed(4)}`,
    },
  ];
}

function peerFigures(context: BenchContext, { peerRows, peerWindows }: (typeof SIZES)['full']): readonly Figure[] {
  const { version, shifts, apart } = againstNannyml(context, peerRows, peerWindows);
  return [
    ...shifts.map(({ shift, ours, nannyml }) => ({
      what: `estimated AUC beside NannyML ${version}, ${shift}`,
      value: nannyml,
      unit: '',
      note: `NannyML's mean error over ${peerWindows} windows; ours on the same ${ours.toFixed(4)}`,
    })),
    { what: 'our CBPE against NannyML, mean difference', value: apart, unit: '', goal: { atMost: 0.0005 } },
  ];
}

function coverageFigures(tally: Tally): readonly Figure[] {
  return (['none', 'cov .3'] as const).flatMap((shift) => {
    const value = 100 * tally.mean(`covered ${shift}`);
    const note = `${tally.trials(`covered ${shift}`)} windows`;
    return [
      { what: `coverage of the 95 % interval, ${shift}, at least`, value, unit: '%', goal: { atLeast: 94 }, note },
      { what: `coverage of the 95 % interval, ${shift}, at most`, value, unit: '%', goal: { atMost: 97 }, note },
    ];
  });
}

function driftFigures(tally: Tally): readonly Figure[] {
  const months = `${tally.trials('false gap')} model-months of 500 labels a day, covariate shift 0, .3 and .5 sd`;
  return [
    ...(['gap', 'cusum', 'verdict'] as const).map((rule) => ({
      what: `false concept alarms per 100 model-months, ${rule === 'gap' ? 'weekly gap' : rule}`,
      value: 100 * tally.mean(`false ${rule}`),
      unit: '',
      goal: { atMost: 1 },
      note: months,
    })),
    ...['AUC −.04, 5,000 labels', 'AUC −.07, 1,000 labels'].flatMap((what) => [
      {
        what: `power at z < −3, ${what}`,
        value: 100 * tally.mean(`power ${what}`),
        unit: '%',
        goal: { atLeast: 95 },
        note: `${tally.trials(`power ${what}`)} weeks, mean gap ${tally.mean(`gap ${what}`).toFixed(4)}`,
      },
      {
        what: `share of them that alarm (limits for daily looks), ${what}`,
        value: 100 * tally.mean(`alarmed ${what}`),
        unit: '%',
      },
    ]),
  ];
}

async function dayFigures({ say, quick }: BenchContext, references: number): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const world of [
    'days alike',
    'days apart',
    'days in moods',
  ] as const satisfies readonly (keyof typeof DAY_WORLDS)[]) {
    const tally = await inTwoWorkers(world, 500, references, (done) => {
      say(`${world}: ${done} of ${references} references`);
    });
    const deviation = Math.sqrt(tally.mean(`z², ${world}`));
    figures.push(
      {
        what: `weeks beyond 3 sigma, ${world}`,
        value: 100 * tally.mean(`beyond 3, ${world}`),
        unit: '%',
        // In moods that 28 days cannot know, more weeks lie far off; docs/statistics/estimated-quality.md says how many.
        ...(world === 'days in moods' ? {} : { goal: { atMost: 1 } }),
        note: `${references} references of 28 days of 1,000 rows`,
      },
      {
        what: `distance of z's standard deviation from 1, ${world}`,
        value: Math.abs(deviation - 1),
        unit: '',
        ...(quick || world === 'days in moods' ? {} : { goal: { atMost: 0.05 } }),
        note: `it is ${deviation.toFixed(3)}, of as many known to ±${(1 / Math.sqrt(2 * references)).toFixed(3)}`,
      },
      {
        what: `coverage of the 95 % interval, ${world}`,
        value: 100 * tally.mean(`covered, ${world}`),
        unit: '%',
        ...(world === 'days in moods' ? {} : { goal: { atLeast: 94 } }),
        note: 'a week of 7,000 rows, two weeks after the reference',
      },
    );
  }
  return figures;
}

async function flightFigure(weeks: number): Promise<Figure> {
  const gaps = await heldOutWeeks(weeks);
  const beyond = (limit: number) => (100 * gaps.filter((z) => z > limit).length) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, z) => sum + z ** 2, 0) / gaps.length).toFixed(2);
  return {
    what: 'flights: held-out weeks beyond 3 sigma',
    value: beyond(3),
    unit: '%',
    goal: { atMost: 1 },
    note: `${weeks} choices of 7 days of January; beyond 1.96: ${beyond(1.96).toFixed(1)} %; standard deviation of z ${deviation}`,
  };
}
