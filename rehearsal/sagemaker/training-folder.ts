import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What lies below `/opt/ml` in a training container. */
export interface TrainingFolder {
  readonly root: string;
  readonly code: string;
  readonly config: string;
  readonly checkpoints: string;
  readonly model: string;
  readonly output: string;
  readonly outputData: string;
  /** Folder of one channel; made. */
  channel(name: string): string;
  writeConfig(name: string, value: unknown): void;
  /** The reason the script left in `output/failure`, as much of it as the service shows. */
  failure(): string | undefined;
  remove(): void;
}

const FAILURE_CHARACTERS = 1024;

/** Lays out an empty `/opt/ml` below `root`. */
export function trainingFolder(root: string): TrainingFolder {
  const make = (...parts: string[]) => {
    const folder = path.join(root, ...parts);
    mkdirSync(folder, { recursive: true });
    return folder;
  };
  const config = make('input', 'config');
  const failureFile = path.join(root, 'output', 'failure');
  return {
    root,
    code: make('code'),
    config,
    checkpoints: make('checkpoints'),
    model: make('model'),
    output: make('output'),
    outputData: make('output', 'data'),
    channel: (name) => make('input', 'data', name),
    writeConfig: (name, value) => writeFileSync(path.join(config, name), JSON.stringify(value)),
    failure: () =>
      existsSync(failureFile) ? readFileSync(failureFile, 'utf8').slice(0, FAILURE_CHARACTERS) : undefined,
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** Files below a folder, relative to it. */
export function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [path.relative(folder, path.join(entry.parentPath, entry.name))] : [],
  );
}
