import { beforeAll, describe, expect, it } from 'vitest';
import { QualityReportSchema } from '../../../contracts/quality.ts';
import { QualitySetupSchema, StoredQualityWindowSchema } from '../../../contracts/quality-window.ts';
import { areaUnderCurve } from '../../../core/quality/area-under-curve.ts';
import { assessQuality, type QualityEvidence } from '../../../core/quality/assess-quality.ts';
import { outcomesIn } from '../../../core/quality/day-outcomes.ts';
import { featuresAtStake } from '../../../core/quality/features-at-stake.ts';
import { sumOutcomes } from '../../../core/quality/outcome-counts.ts';
import { emptyQualityWindow, mergeQualityWindows } from '../../../core/quality/quality-window.ts';
import { restoreQualityWindow, storeQualityWindow } from '../../../core/quality/stored-window.ts';
import { wholeCounts } from '../../../core/quality/window-quality.ts';
import { BUSINESS, type Change, countedOver, DAY, rowsOf, START, setupOf } from './quality-world.ts';

const LATER = START + 40 * DAY;
let setup: ReturnType<typeof setupOf>;
beforeAll(() => {
  setup = setupOf();
});

const rules = {
  quality: { metric: 'auc', margin: 0.01, labelHorizonDays: 30, minimumLabels: 500 },
  maximumFairnessGap: 0.05,
  business: BUSINESS,
} as const;
const NO_LABELS_LEFT = { repeated: 0, contradicting: 0, unmatched: 0 };
const window = { from: new Date(LATER).toISOString(), to: new Date(LATER + 7 * DAY).toISOString() };

function judge(change: Change, more: Partial<QualityEvidence> = {}) {
  const counts = countedOver(setup, rowsOf(6000, 7, 2, change, LATER));
  return assessQuality({
    setup,
    rules,
    windows: [{ window, counts, labels: NO_LABELS_LEFT }],
    now: Number.POSITIVE_INFINITY,
    seed: 7,
    ...more,
  });
}
const named = (metrics: readonly { readonly name: string; readonly value: number }[], name: string) =>
  metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;

describe('assessQuality', () => {
  it('finds nothing in a world that did not change', () => {
    const report = judge({});
    expect(QualityReportSchema.parse(report)).toEqual(report);
    expect([report.verdict, report.basis, report.conceptDrift.verdict]).toEqual(['fine', 'realised', 'none']);
    expect([report.calibration?.verdict, report.attribution?.verdict]).toEqual(['none', 'none']);
    expect(report.slices.map(({ value, verdict }) => [value, verdict])).toEqual([
      ['X', 'fine'],
      ['Y', 'fine'],
      ['Z', 'fine'],
    ]);
    expect(report.labels).toMatchObject({
      predictions: 6000,
      labelled: 6000,
      coverage: 1,
      mature: true,
      warning: null,
    });
    expect(report.labels?.arrival.at(-1)).toEqual({ days: 3, share: 1 });
  });

  it('realises the AUC of its rows', () => {
    const rows = rowsOf(6000, 7, 2, {}, LATER);
    const exact = areaUnderCurve({
      scores: rows.map(({ score }) => score),
      labels: rows.map(({ label }) => label ?? 0),
    });
    // Bins of 101 scores: within .0005 (facts of the simulation).
    expect(Math.abs(named(judge({}).realised, 'auc') - exact.value)).toBeLessThan(5e-4);
  });

  it('calls a changed relation worse, and concept drift, with evidence', () => {
    const report = judge({ concept: 0.8 });
    expect([report.verdict, report.basis, report.conceptDrift.verdict]).toEqual(['worse', 'realised', 'concept-drift']);
    expect(report.conceptDrift.evidence.length).toBeGreaterThan(0);
    expect(report.calibration?.verdict).toBe('drift');
    expect(report.message).toContain('surely more than 0.01 below it');
  });

  it('keeps silent about concept drift when only the inputs moved', () => {
    expect(judge({ covariates: 0.5 }).conceptDrift.verdict).toBe('none');
  });

  it('names the slice that broke', () => {
    const report = judge({ broken: 'Y' });
    expect(report.slices.filter(({ verdict }) => verdict === 'worse').map(({ value }) => value)).toEqual(['Y']);
  });

  it('stands on estimates without labels, and tests nothing that needs them', () => {
    const report = judge({ labelled: 0 });
    expect([report.verdict, report.basis, report.labels, report.calibration]).toEqual([
      'fine',
      'estimated',
      null,
      null,
    ]);
    expect(report.conceptDrift.verdict).toBe('too-little-data');
    expect(new Set(report.slices.map(({ verdict }) => verdict))).toEqual(new Set(['untested']));
    expect(report.slices[0]?.estimated.length).toBe(5);
    expect(report.fairness.map(({ measure, verdict }) => [measure, verdict])).toEqual([
      ['demographic-parity', expect.stringMatching(/fine|cannot-rule-out/)],
      ['equal-opportunity', 'too-little-data'],
      ['equalised-odds', 'too-little-data'],
    ]);
    expect(report.business.map(({ name, rows }) => [name, rows])).toEqual([['volume', 6000]]);
  });

  it('shows labels of an immature window and tests none of them', () => {
    const report = judge({ concept: 0.8 }, { now: LATER + 10 * DAY });
    expect([report.basis, report.labels?.mature, report.conceptDrift.verdict]).toEqual([
      'estimated',
      false,
      'too-little-data',
    ]);
    expect(named(report.realised, 'auc')).toBeLessThan(named(report.reference.metrics, 'auc') - 0.05);
    expect(new Set(report.slices.map(({ verdict }) => verdict))).toEqual(new Set(['untested']));
    expect(report.business.find(({ name }) => name === 'cost')?.verdict).toBe('cannot-tell');
  });

  it('corrects realised metrics where few labels came', () => {
    const report = judge({ labelled: 0.3 });
    expect(report.labels?.coverage).toBeCloseTo(0.3, 1);
    expect(Math.abs(named(report.realised, 'auc') - named(judge({}).realised, 'auc'))).toBeLessThan(0.02);
    expect(report.verdict).toBe('fine');
  });

  it('corrects for scores that are never labelled, and warns of it', () => {
    const rows = rowsOf(6000, 7, 2, {}, LATER).map((row) => (row.score > 0.5 ? { ...row, label: undefined } : row));
    const windows = [{ window, counts: countedOver(setup, rows), labels: NO_LABELS_LEFT }];
    const report = judge({}, { windows });
    const naive = areaUnderCurve({
      scores: rows.flatMap(({ score, label }) => (label === undefined ? [] : [score])),
      labels: rows.flatMap(({ label }) => label ?? []),
    });
    const all = named(judge({}).realised, 'auc');
    expect(all - naive.value).toBeGreaterThan(0.05);
    expect(Math.abs(named(report.realised, 'auc') - all)).toBeLessThan(0.015);
    expect(report.labels?.warning).toContain('the labelled rows are not like the rest');
    expect(report.verdict).toBe('fine');
  });

  it('judges business metrics against their targets', () => {
    const cost = (change: Change) => judge(change).business.find(({ name }) => name === 'cost');
    expect(cost({})?.verdict).toBe('met');
    const share = rowsOf(6000, 7, 2, {}, LATER).filter(({ score, label }) => score < 0.4 && label === 1).length / 6000;
    expect(cost({})?.value).toBeCloseTo(120 * share, 9);
    expect(cost({})?.total).toBeCloseTo(120 * share * 6000, 6);
  });

  it('reports several windows apart and together', () => {
    const later = { from: window.to, to: new Date(LATER + 14 * DAY).toISOString() };
    const report = judge(
      {},
      {
        windows: [
          { window, counts: countedOver(setup, rowsOf(3000, 7, 5, {}, LATER)), labels: NO_LABELS_LEFT },
          {
            window: later,
            counts: countedOver(setup, rowsOf(2000, 7, 6, {}, LATER + 7 * DAY)),
            labels: NO_LABELS_LEFT,
          },
        ],
        now: Date.parse(window.to) + 30 * DAY,
      },
    );
    expect(report.windows.map(({ rows, labels }) => [rows, labels?.mature])).toEqual([
      [3000, true],
      [2000, false],
    ]);
    expect([report.estimated[0]?.rows, report.realised[0]?.rows, report.labels?.mature]).toEqual([5000, 3000, false]);
  });

  it('says too little of a window without rows', () => {
    const report = judge({}, { windows: [{ window, counts: emptyQualityWindow(setup), labels: NO_LABELS_LEFT }] });
    expect([report.verdict, report.basis, report.labels, report.attribution]).toEqual([
      'too-little-data',
      'none',
      null,
      null,
    ]);
    expect(judge({}, { windows: [] }).verdict).toBe('too-little-data');
  });
});

describe('quality windows', () => {
  it('merge to the window of all rows, whatever the shards', () => {
    const rows = rowsOf(2000, 5, 9, { labelled: 0.6 });
    const whole = storeQualityWindow(countedOver(setup, rows));
    for (const parts of [2, 3, 7]) {
      const shards = Array.from({ length: parts }, (_, part) =>
        countedOver(
          setup,
          rows.filter((_, row) => row % parts === part),
        ),
      );
      const merged = storeQualityWindow([...shards, emptyQualityWindow(setup)].reduce(mergeQualityWindows));
      expect({ ...merged, days: merged.days.map(({ day, counts }) => ({ day, counts })) }).toEqual({
        ...whole,
        days: whole.days.map(({ day, counts }) => ({ day, counts })),
      });
      merged.days.forEach(({ attribution, business }, index) => {
        const day = whole.days[index];
        expect(attribution.rows).toBe(day?.attribution.rows);
        attribution.sums.forEach((sum, feature) => {
          expect(Math.abs(sum / (day?.attribution.sums[feature] ?? 0) - 1) || 0).toBeLessThan(1e-12);
        });
        // Figures of this metric are whole numbers, so their sums are exact.
        expect(business).toEqual(day?.business);
      });
    }
  });

  it('count every row once in each segment', () => {
    const counts = countedOver(setup, rowsOf(500, 2, 9, { labelled: 0.5 }));
    const whole = wholeCounts(setup, counts);
    const city = sumOutcomes(counts.segments.city ?? [], setup.reference.edges.length + 1);
    expect(city).toEqual(outcomesIn(whole));
  });

  it('survive being stored', () => {
    const counts = countedOver(setup, rowsOf(500, 2, 9));
    const stored = StoredQualityWindowSchema.parse(JSON.parse(JSON.stringify(storeQualityWindow(counts))));
    const asJudged = (restored: typeof counts) =>
      judge({}, { windows: [{ window, counts: restored, labels: NO_LABELS_LEFT }] });
    expect(asJudged(restoreQualityWindow(stored))).toEqual(asJudged(counts));
  });

  it('and their setup survive being stored', () => {
    const stored = QualitySetupSchema.parse(JSON.parse(JSON.stringify(setup)));
    expect(stored).toEqual(setup);
  });

  it('keep rows without time apart from days', () => {
    const rows = rowsOf(100, 1, 9).map(({ at: _, ...row }) => row);
    expect([...countedOver(setup, rows).days.keys()]).toEqual([null]);
  });
});

describe('featuresAtStake', () => {
  it('spreads what the first metric lost since the held-out rows over the features as the model weighs them', () => {
    const rows = rowsOf(2000, 2, 9, { concept: 0.8 });
    const stake = featuresAtStake(setup, countedOver(setup, rows), BUSINESS);
    const missed = (some: typeof rows) => some.filter(({ score, label }) => score < 0.4 && label === 1).length;
    const before = (120 * missed(rowsOf(10_000, 20, 1))) / 10_000;
    const total = Math.abs((120 * missed(rows)) / 2000 - before) * 2000;
    expect((stake.x ?? 0) + (stake.y ?? 0)).toBeCloseTo(total, 6);
    // Mean |1.2 x| against mean |.6 y| of standard normal x and y.
    expect((stake.x ?? 0) / (stake.y ?? 1)).toBeCloseTo(2, 1);
    expect(stake.city).toBe(0);
  });

  it('is empty without a metric or an explanation', () => {
    const counts = countedOver(setup, rowsOf(100, 1, 9));
    expect(featuresAtStake(setup, counts, [])).toEqual({});
    expect(featuresAtStake({ ...setup, attribution: null }, counts, BUSINESS)).toEqual({});
    expect(featuresAtStake(setup, emptyQualityWindow(setup), BUSINESS)).toEqual({});
  });
});
