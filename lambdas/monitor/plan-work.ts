import { windowKeys } from '../../contracts/keys.ts';
import type { WindowsInput } from '../../contracts/machines.ts';
import type { ModelConfig } from '../../contracts/model-config.ts';
import type { WindowTask } from '../../contracts/monitoring-steps.ts';
import type { Window } from '../../contracts/window.ts';
import { newestMatureWindow, windowBefore, windowsWithin } from '../../core/drift/window.ts';
import { DAY } from '../../core/profile/instant.ts';
import type { CaptureListing } from './capture-files.ts';
import type { MonitorTools } from './monitor-tools.ts';
import { pastWindows } from './past-windows.ts';

/** How long after its end a window is looked at again for files that came late; always at least the window before. */
const LATE_FILES = DAY;

/**
 * What a request asks to judge, oldest first; the window that just closed comes last, since what it says of the present includes what
 * is found in the others. By hand: every window of the range. On schedule: windows that late files came for, the one whose
 * labels became mature when it has any, and the one that closed.
 */
export async function planWork(
  model: ModelConfig,
  request: WindowsInput,
  list: (window: Window) => Promise<CaptureListing>,
  tools: MonitorTools,
): Promise<readonly WindowTask[]> {
  const { monitoring } = model;
  if ('from' in request) {
    const newest = windowBefore(tools.now(), monitoring).to;
    return windowsWithin(request, monitoring, tools.now()).map((window) => ({
      ...window,
      because: window.to === newest ? ('closed' as const) : ('by-hand' as const),
    }));
  }
  const closed = windowBefore(new Date(request.windowEnd), monitoring);
  const [late, matured] = await Promise.all([
    windowsWithLateFiles(model, closed, list, tools),
    maturedWindow(model, request.windowEnd, tools),
  ]);
  const before = [...matured, ...late].filter(({ to }) => to < closed.to);
  return [...before, { ...closed, because: 'closed' }];
}

/** Windows of the last day, or the one before, whose own hours hold other files than when they were judged. */
async function windowsWithLateFiles(
  model: ModelConfig,
  closed: Window,
  list: (window: Window) => Promise<CaptureListing>,
  { lineage }: MonitorTools,
): Promise<readonly WindowTask[]> {
  const past = (await pastWindows(model, closed, lineage)).map(({ judgement }) => judgement);
  const before = past.filter(({ window }) => window.to < closed.to);
  const recent = before.filter(
    ({ window }, index) => index === before.length - 1 || Date.parse(window.to) > Date.parse(closed.from) - LATE_FILES,
  );
  const found = await Promise.all(
    recent.map(async ({ window, files }) => {
      if (files === undefined) return [];
      const { own } = await list(window);
      const same = own.count === files.count && own.bytes === files.bytes;
      return same ? [] : [{ ...window, because: 'late-files' as const }];
    }),
  );
  return found.flat();
}

async function maturedWindow(
  model: ModelConfig,
  windowEnd: string,
  { lake }: MonitorTools,
): Promise<readonly WindowTask[]> {
  const window = newestMatureWindow(new Date(windowEnd), model.monitoring);
  const labels = await lake.list(windowKeys(model.name, window.to).labels);
  return labels.length === 0 ? [] : [{ ...window, because: 'matured' }];
}
