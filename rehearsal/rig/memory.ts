import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const SAMPLE_MS = 500;
const KB_PER_MB = 1024;

/** Watches how much memory this process and all below it use. */
export interface MemoryWatch {
  /** Most megabytes used at once so far. */
  peakMB(): number;
  stop(): void;
}

/** Samples twice a second: proportional set size where the host tells (shared pages counted once), else resident size. */
export function watchMemory(root = process.pid): MemoryWatch {
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, treeMemoryKB(root));
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
export function treeMemoryKB(root: number): number {
  const processes = process.platform === 'linux' ? linuxProcesses() : otherProcesses();
  const tree = descendants(root, processes);
  return tree.reduce((sum, each) => sum + each.memoryKB(), 0);
}

/** Process ids of `root` and all below it. */
export function processTree(root: number): readonly number[] {
  const processes = process.platform === 'linux' ? linuxProcesses() : otherProcesses();
  return descendants(root, processes).map(({ pid }) => pid);
}

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly memoryKB: () => number;
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
      return stat === '' ? [] : [{ pid: Number(name), parent, memoryKB: () => proportionalKB(name) }];
    });
}

function proportionalKB(pid: string): number {
  return Number(/^Pss:\s+(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

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
    return { pid, parent, memoryKB: () => resident };
  });
}
