import { describe, expect, test } from 'vitest';
import { projectFiles, textOf } from './checkout.ts';

const LONGEST_FILE = 300;
const CODE = /\.(ts|mts|mjs|js|py|sh)$/;
/** Names that say nothing of what is inside. */
const EMPTY_NAMES = /^(utils?|helpers?|common|misc|managers?|types)$/;

const code = projectFiles().filter((file) => CODE.test(file));

describe('the files of the project', () => {
  test('are at most 300 lines long', () => {
    expect(code.length).toBeGreaterThan(100);
    const long = code
      .map((file) => `${file}: ${textOf(file).split('\n').length - 1}`)
      .filter((line) => Number(line.split(': ')[1]) > LONGEST_FILE);
    expect(long).toEqual([]);
  });

  test('are named for what is inside', () => {
    const empty = code.filter((file) =>
      (file.split('/').at(-1) ?? '')
        .replace(CODE, '')
        .replace(/\.test$/, '')
        .split(/[-_]/)
        .some((word) => EMPTY_NAMES.test(word)),
    );
    expect(empty).toEqual([]);
  });

  test('hold no path of a machine', () => {
    const machine = new RegExp(['/work', 'farm', '(main|shared)'].join('/').replace('/farm/', '/'));
    expect(code.filter((file) => machine.test(textOf(file)))).toEqual([]);
  });

  test('import DuckDB in at most one file of core and one of each other room', () => {
    const importers = code.filter(
      (file) => /^(core|lambdas|rehearsal|cli|lib)\//.test(file) && /from '@duckdb\//.test(textOf(file)),
    );
    const rooms = importers.map((file) => file.split('/')[0]);
    expect(rooms.filter((room, index) => rooms.indexOf(room) !== index)).toEqual([]);
  });
});
