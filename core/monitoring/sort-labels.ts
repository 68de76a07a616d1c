import type { Label } from '../../contracts/labels.ts';
import type { MonitoringSettings } from '../../contracts/monitoring-config.ts';
import { windowOf } from '../drift/window.ts';

/** Windows that one delivery may touch; each is an object of its own. */
export const MOST_WINDOWS_OF_LABELS = 744;

/** Labels by what is known of when their prediction was made. */
export interface SortedLabels {
  /** By the end of the window that `predictedAt` lies in. */
  readonly byWindow: ReadonlyMap<string, readonly Label[]>;
  /** Labels that do not say. */
  readonly undated: readonly Label[];
}

/** Takes labels one by one and sorts them by window. `add` answers why a label cannot be sorted, or undefined. */
export function labelSorter(model: { readonly monitoring: Pick<MonitoringSettings, 'every'> }, arrivedAt: Date) {
  const byWindow = new Map<string, Label[]>();
  const undated: Label[] = [];
  const add = (label: Label): string | undefined => {
    if (label.predictedAt === undefined) {
      undated.push(label);
      return undefined;
    }
    const predictedAt = new Date(label.predictedAt);
    if (predictedAt > arrivedAt) return `predictedAt lies after the label arrived (${arrivedAt.toISOString()})`;
    const { to } = windowOf(predictedAt, model.monitoring);
    const labels = byWindow.get(to) ?? [];
    if (labels.length === 0 && byWindow.size === MOST_WINDOWS_OF_LABELS)
      return `is of window ${byWindow.size + 1} of this delivery, at most ${MOST_WINDOWS_OF_LABELS} are taken; send it in another file`;
    labels.push(label);
    byWindow.set(to, labels);
    return undefined;
  };
  return { add, sorted: (): SortedLabels => ({ byWindow, undated }) };
}

/** Labels as they are stored, one JSON object a line; what does not say when it became known did so when it arrived. */
export const storedLabels = (labels: readonly Label[], arrivedAt: Date): string =>
  labels.map((label) => `${JSON.stringify({ ...label, at: label.at ?? arrivedAt.toISOString() })}\n`).join('');
