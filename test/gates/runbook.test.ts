import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { inNewFolder } from '../lib/fixture-app.ts';
import { checkedApp, stacksOf, templateOf } from './checked-app.ts';

const { folder, remove } = inNewFolder();
afterAll(remove);

test('every alarm and every announcement of a machine links to an article that the runbook has', () => {
  const runbook = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'runbook.md'), 'utf8');
  const articles = new Set([...runbook.matchAll(/^## (\S+)$/gm)].map(([, anchor]) => anchor));
  const fixture = checkedApp(folder, 'as-deployed');
  fixture.app.synth();
  const templates = stacksOf(fixture).map(({ stackName }) => JSON.stringify(templateOf(folder, stackName)));
  const linked = templates.flatMap((text) => [
    ...[...text.matchAll(/What to do: [^"# ]+#([a-z-]+)/g)].map(([, anchor]) => anchor),
    ...[...text.matchAll(/runbook[\\'"]+: ?[\\'"]+([a-z-]+)[\\'"]/g)].map(([, anchor]) => anchor),
  ]);
  expect(new Set(linked).size).toBeGreaterThan(12);
  expect([...new Set(linked)].filter((anchor) => !articles.has(anchor ?? ''))).toEqual([]);
});
