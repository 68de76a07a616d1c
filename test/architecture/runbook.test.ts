import { describe, expect, test } from 'vitest';
import { ALARMS } from '../../contracts/names.ts';
import { RUNBOOK_ARTICLES } from '../../contracts/runbook.ts';
import { projectFiles, textOf } from './checkout.ts';

const headings = [...textOf('docs/runbook.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading ?? '');

/** How code links: `${runbookUrl}#anchor` (for alarms with their kind behind it), or an anchor given to the `record` function. */
const LINK =
  /runbookUrl\}#([a-z-]+)(\$\{kind\})?|runbook: '([a-z-]+)'|RunbookAnchor = '([a-z-]+)'|'([a-z-]+)' satisfies RunbookAnchor/g;

describe('the runbook', () => {
  test('has one article for each alarm, failure and refusal, and no other', () => {
    expect([...headings].sort()).toEqual([...RUNBOOK_ARTICLES].sort());
  });

  test('says in every article what it means, where to look and what to do', () => {
    const articles = textOf('docs/runbook.md').split(/^## /m).slice(1);
    const incomplete = articles.filter(
      (article) => !['**Means**', '**Look**', '**Do**'].every((part) => article.includes(part)),
    );
    expect(incomplete).toEqual([]);
  });

  test('has every article that the code links to', () => {
    const code = projectFiles().filter((file) => /^(lib|lambdas|core|rehearsal|cli)\/.*\.ts$/.test(file));
    const links = code.flatMap((file) => [...textOf(file).matchAll(LINK)]);
    const linked = links.flatMap(([, url, kind, ...literals]) =>
      url === undefined
        ? literals.filter((literal) => literal !== undefined)
        : kind === undefined
          ? [url]
          : ALARMS.map((alarm) => `${url}${alarm}`),
    );
    expect(linked.length).toBeGreaterThan(ALARMS.length);
    expect(linked.filter((anchor) => !headings.includes(anchor))).toEqual([]);
  });
});
