import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 1000;
const KB_PER_MB = 1024;
/** The exact figure is asked for again once the rough one has grown by this much. */
const GROWTH = 1.02;

/** Watches how much memory this process and all below it use. */
export interface MemoryWatch {
  /** Most megabytes used at once so far. */
  peakMB(): number;
  stop(): void;
}

/**
 * Samples every second: proportional set size where the host tells (shared pages counted once), else resident size.
 *
 * The kernel walks all pages of a process to tell its proportional size, which stops the process for tens of milliseconds; so it
 * is asked only when the resident size, which costs nothing, says that more is used than ever before.
 */
export function watchMemory(root = process.pid): MemoryWatch {
  let [peak, roughPeak] = [0, 0];
  const sample = () => {
    const tree = runningTree(root);
    const rough = sum(tree, (each) => each.residentKB());
    if (rough <= roughPeak * GROWTH) return;
    roughPeak = rough;
    peak = Math.max(
      peak,
      sum(tree, (each) => each.memoryKB()),
    );
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  timer.unref();
  return {
    peakMB: () => {
      sample();
      return Math.round(peak / KB_PER_MB);
    },
    stop: () => clearInterval(timer),
  };
}

/** Memory of a process and all its descendants, in kilobytes. */
export const treeMemoryKB = (root: number): number => sum(runningTree(root), (each) => each.memoryKB());

/** Process ids of `root` and all below it. */
export const processTree = (root: number): readonly number[] => runningTree(root).map(({ pid }) => pid);

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly residentKB: () => number;
  readonly memoryKB: () => number;
}

const sum = (tree: readonly Running[], of: (each: Running) => number) => tree.reduce((all, each) => all + of(each), 0);

function runningTree(root: number): readonly Running[] {
  return descendants(root, process.platform === 'linux' ? linuxProcesses() : otherProcesses());
}

function descendants(root: number, processes: readonly Running[]): readonly Running[] {
  const children = processes.filter((candidate) => candidate.parent === root && candidate.pid !== root);
  const self = processes.filter((candidate) => candidate.pid === root);
  return [...self, ...children.flatMap((child) => descendants(child.pid, processes))];
}

function linuxProcesses(): readonly Running[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      const stat = readOrEmpty(`/proc/${name}/stat`);
      // The command may contain spaces and brackets; the parent is the second field after it.
      const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
      const residentKB = () => kilobytes(/^VmRSS:\s+(\d+) kB/m, `/proc/${name}/status`);
      const memoryKB = () => kilobytes(/^Pss:\s+(\d+) kB/m, `/proc/${name}/smaps_rollup`);
      return stat === '' ? [] : [{ pid: Number(name), parent, residentKB, memoryKB }];
    });
}

const kilobytes = (line: RegExp, file: string) => Number(line.exec(readOrEmpty(file))?.[1] ?? 0);

/** A process may end between listing and reading. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function otherProcesses(): readonly Running[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [pid = 0, parent = 0, resident = 0] = line.trim().split(/\s+/).map(Number);
    return { pid, parent, residentKB: () => resident, memoryKB: () => resident };
  });
}
