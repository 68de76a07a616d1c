import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { COMMANDS, NOT_YET } from '../../cli/commands.ts';
import { parseModel } from '../../contracts/model-config.ts';
import { ROOT, textOf } from './checkout.ts';
import { churn } from './churn.ts';

const readme = textOf('README.md');
const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(textOf('package.json')));
const captured = (pattern: RegExp) => [...readme.matchAll(pattern)].map(([, group]) => group ?? '');

describe('the README', () => {
  test('names only commands that exist', () => {
    const known = COMMANDS.map((command) => command.name);
    const commands = captured(/\.\/modelway ([a-z]+)/g);
    expect(commands).not.toEqual([]);
    expect(commands.filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !commands.includes(name))).toEqual([]);
    const npm = captured(/npm (?:run )?(start|test|check|synth|[a-z]+)(?= |`|$)/gm).filter((name) => name !== 'ci');
    expect(npm.filter((name) => !Object.hasOwn(scripts, name) && !['packages', 'install'].includes(name))).toEqual([]);
  });

  test('names every command that is not there yet', () => {
    expect(Object.keys(NOT_YET).filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  test('links only to files that exist', () => {
    const links = captured(/\]\(([^)#]+)\)/g).filter((link) => !link.startsWith('https://'));
    expect(links.length).toBeGreaterThan(2);
    expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
  });

  test('shows a model of at most 25 lines that compiles (with the tests) and that the platform accepts', () => {
    const [shown] = captured(/```ts\n([\s\S]+?)```/g);
    expect(shown).toBe(textOf('test/architecture/churn.ts'));
    expect(shown?.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
    expect(parseModel(churn).name).toBe('churn');
  });
});
