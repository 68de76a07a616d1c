import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inertText } from '../../cli/inert-text.ts';
import { ValidateDocumentSchema } from '../../contracts/findings.ts';
import { runCli } from './run-cli.ts';

/** Names and values that would do something to a terminal, and things that are named like files. */
const LIVE = '\x1b]0;owned\x07\x9b31m\u202egnp';
const CONTROL = /[\p{Cc}\p{Cf}]/u;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-validate-hostile-'));
  writeFileSync(join(folder, 'schema.json'), '{"columns":[{"name":"n","kind":"numeric"}]}');
  writeFileSync(join(folder, 'good.csv'), 'n\n1\n');
  writeFileSync(join(folder, `a\n${LIVE}.csv`), `n,${LIVE}\n"${LIVE}",1\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

const validate = (...typed: readonly string[]) => runCli(['validate', '--schema', 'schema.json', ...typed], folder);

test('names, columns and values are shown, and do nothing to the terminal', async () => {
  const { code, out, err } = await validate(`a\n${LIVE}.csv`, 'good.csv');
  expect(code).toBe(1);
  for (const line of [...out.split('\n'), ...err.split('\n')]) expect(line).not.toMatch(CONTROL);
  expect(out).toContain('a\\u{a}\\u{1b}]0;owned\\u{7}\\u{9b}31m\\u{202e}gnp.csv: rejected');
  expect(out.split('\n').filter((line) => !line.startsWith(' ') && line !== '')).toHaveLength(2);
});

test('JSON has them as they are, and does nothing to the terminal either', async () => {
  const { out } = await validate('--json', `a\n${LIVE}.csv`);
  expect(ValidateDocumentSchema.parse(JSON.parse(out)).files[0]?.file).toBe(`a\n${LIVE}.csv`);
  for (const line of out.split('\n')) expect(line).not.toMatch(CONTROL);
});

test('infer shows what it leaves out in the same way', async () => {
  const { out, err } = await runCli(['infer', `a\n${LIVE}.csv`], folder);
  for (const line of [...out.split('\n'), ...err.split('\n')]) expect(line).not.toMatch(CONTROL);
});

test('a pipe and a device are not waited for, also behind a link', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.csv')]);
  symlinkSync('/dev/zero', join(folder, 'zeros.csv'));
  const { code, err } = await validate('good.csv', 'pipe.csv', 'zeros.csv');
  expect(code).toBe(2);
  expect(err).toContain('pipe.csv: is a pipe');
  expect(err).toContain('zeros.csv: is a pipe, a device');
});

test('of a folder only its files are read', async () => {
  const { code, out } = await validate('--json', '.');
  const files = ValidateDocumentSchema.parse(JSON.parse(out)).files.map(({ file }) => file);
  expect(files.toSorted()).toEqual([`a\n${LIVE}.csv`, 'good.csv', 'schema.json'].toSorted());
  expect(code).toBe(1);
});

test('ordinary text of any language is left as it is', () => {
  expect(inertText('naïve 日本語 😀 "x" \\ <b>')).toBe('naïve 日本語 😀 "x" \\ <b>');
});
