import type { ModelConfig } from '../../contracts/model-config.ts';
import type { JudgedWindow, WindowTask } from '../../contracts/monitoring-steps.ts';
import type { MonitorTools } from './monitor-tools.ts';

/** The judgement of a window in which no model served: a fact, and no error. */
export function withoutModel(
  { name }: ModelConfig,
  { because, ...window }: WindowTask,
  { emit, now }: MonitorTools,
): JudgedWindow {
  if (because === 'closed') emit(name, { MonitoredRows: 0 }, now());
  const summary = `${name}, ${window.from} to ${window.to}: no model serves yet, so there is nothing to watch`;
  return {
    outcome: 'judged',
    recordId: window.to,
    judgement: {
      verdict: 'no-model',
      rows: 0,
      drifted: [],
      reportKey: null,
      summary,
      window,
      packageArn: null,
      amended: false,
    },
    announce: null,
  };
}
