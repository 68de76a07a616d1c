import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ValidateDocumentSchema } from '../../contracts/findings.ts';
import { runCli } from './run-cli.ts';

const SCHEMA = {
  columns: [
    { name: 'age', kind: 'numeric', min: 0 },
    { name: 'left', kind: 'boolean' },
  ],
  target: 'left',
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelway-validate-test-'));
  write('schema.json', JSON.stringify(SCHEMA));
  write('good.csv', 'age,left\n3,true\n4,false\n');
  write('bad.csv', 'age,left\n3,true\n-4,false\n5,false\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(file: string, text: string): void {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), text);
}

const validate = (...typed: readonly string[]) => runCli(['validate', ...typed], folder);

describe('modelway validate', () => {
  test('accepts a good file with exit code 0', async () => {
    const { code, out } = await validate('--schema', 'schema.json', 'good.csv');
    expect({ code, out }).toEqual({ code: 0, out: 'good.csv: accepted (rows: 2 read, 2 accepted, 0 quarantined)\n' });
  });

  test('names row, column, value and rule of a bad row, with exit code 1', async () => {
    const { code, out } = await validate('--schema', 'schema.json', 'bad.csv');
    expect(code).toBe(1);
    expect(out).toContain('bad.csv: quarantined (rows: 3 read, 2 accepted, 1 quarantined)');
    expect(out).toMatch(/quarantine range: row 2, age: .*\(got "-4"\)/);
    expect(out).toContain('the whole file would be held back');
  });

  test('prints one JSON document for many files and whole folders, markers and hidden files left out', async () => {
    write('folder/b.csv', 'age,left\n1,true\n2,false\n');
    write('folder/a/c.jsonl', '{"age":1,"left":true}\n{"age":2,"left":false}\n');
    write('folder/_SUCCESS', '');
    write('folder/.hidden.csv', 'x');
    const { code, out } = await validate('--schema', 'schema.json', 'good.csv', 'folder', 'bad.csv', '--json');
    expect(code).toBe(1);
    const document = ValidateDocumentSchema.parse(JSON.parse(out));
    expect(document.uploads?.map(({ file, verdict }) => [file, verdict])).toEqual([['folder', 'accepted']]);
    expect(document.files.map(({ file, verdict }) => [file, verdict])).toEqual([
      ['good.csv', 'accepted'],
      ['folder/a/c.jsonl', 'accepted'],
      ['folder/b.csv', 'accepted'],
      ['bad.csv', 'quarantined'],
    ]);
  });

  test('judges a folder with a manifest as one upload, and unfinished files are no part of it', async () => {
    const text = 'age,left\n1,true\n2,false\n';
    const sha256 = createHash('sha256').update(text).digest('hex');
    write('up/a.csv', text);
    write('up/_temporary/0/a.csv', 'half of it');
    write('up/b.csv.tmp', 'half of it');
    const files = [{ key: 'a.csv', size: text.length, sha256, rows: 2 }];
    write('up/manifest.json', JSON.stringify({ files }));
    const good = await validate('--schema', 'schema.json', 'up', '--json');
    expect(good.code).toBe(0);
    expect(ValidateDocumentSchema.parse(JSON.parse(good.out)).uploads).toMatchObject([
      { file: 'up', verdict: 'accepted', rows: { read: 2, accepted: 2 } },
    ]);
    write('up/manifest.json', JSON.stringify({ files: [...files, { key: 'b.csv' }] }));
    write('up/a.csv', `${text}3,true\n`);
    const bad = await validate('--schema', 'schema.json', '.');
    expect(bad.code).toBe(1);
    expect(bad.out).toContain('up: rejected');
    expect(bad.out).toContain('has 3 rows where the manifest says 2');
    expect(bad.out).toContain('is in the manifest and not in the folder (got "b.csv")');
  });

  test('looks for what must be unique across the files of a folder, and names both rows', async () => {
    const schema = { columns: [{ name: 'id', kind: 'identifier', unique: true }] };
    write('unique.json', JSON.stringify(schema));
    write('twice/a.csv', 'id\nx\ny\n');
    write('twice/b.csv', 'id\nz\nx\n');
    const apart = await validate('--schema', 'unique.json', 'twice');
    expect(apart.code).toBe(0);
    write('twice/_SUCCESS', '');
    const { code, out } = await validate('--schema', 'unique.json', 'twice');
    expect(code).toBe(1);
    expect(out).toContain('twice/b.csv: quarantined (rows: 2 read, 1 accepted, 1 quarantined)');
    expect(out).toContain('twice: quarantined (rows: 4 read, 3 accepted, 1 quarantined)');
    expect(out).toContain('b.csv, row 2, id: repeats the value of row 1 of a.csv');
  });

  test('leaves nothing behind in the folder for temporary files', async () => {
    const before = readdirSync(tmpdir()).filter((name) => /^modelway-cli-/.test(name));
    await validate('--schema', 'schema.json', 'bad.csv');
    const after = readdirSync(tmpdir()).filter((name) => /^modelway-cli-/.test(name));
    expect(after.filter((name) => !before.includes(name))).toEqual([]);
  });

  test('names every path that is not there, with exit code 2', async () => {
    const { code, out, err } = await validate('--schema', 'schema.json', 'good.csv', 'nowhere', 'lost.csv');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('nowhere: there is no such file or folder');
    expect(err).toContain('lost.csv: there is no such file or folder');
  });

  test('asks for a schema when there is none or two, and for files when there are none', async () => {
    mkdirSync(join(folder, 'empty'));
    for (const [typed, words] of [
      [['good.csv'], 'give either --model M'],
      [['--schema', 'schema.json', '--model', 'm', 'good.csv'], 'not two'],
      [['--schema', 'schema.json'], 'name files, or folders that hold some'],
      [['--schema', 'schema.json', 'empty'], 'name files, or folders that hold some'],
    ] as const) {
      const { code, err } = await validate(...typed);
      expect(code).toBe(2);
      expect(err).toContain(words);
    }
  });

  test('reports every mistake of a schema file at once', async () => {
    write('schema.json', JSON.stringify({ columns: [{ name: 'a', kind: 'number' }], target: 'b', extra: 1 }));
    const { code, err } = await validate('--schema', 'schema.json', 'good.csv');
    expect(code).toBe(2);
    expect(err).toContain('columns[0].kind');
    write('schema.json', '{');
    expect((await validate('--schema', 'schema.json', 'good.csv')).err).toContain('--schema: could not be read');
  });
});
