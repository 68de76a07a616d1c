import { describe, expect, test } from 'vitest';
import { RUNBOOK_ARTICLES } from '../../contracts/runbook.ts';
import { projectFiles, textOf } from './checkout.ts';

const headings = [...textOf('docs/runbook.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => heading ?? '');

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
    const code = projectFiles().filter((file) => /^(lib|lambdas|core|contracts|rehearsal|cli)\/.*\.ts$/.test(file));
    const linked = code.flatMap((file) =>
      [
        ...textOf(file).matchAll(
          /runbook: '([a-z-]+)'|runbook\.md#([a-z-]+)|announcement\([^)]*'([a-z]+(?:-[a-z]+)+)',?\s*\)/g,
        ),
      ].map(([, literal, link, announced]) => literal ?? link ?? announced ?? ''),
    );
    expect(linked.filter((anchor) => !headings.includes(anchor))).toEqual([]);
  });
});
