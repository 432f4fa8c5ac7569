import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/lib/errors.ts';
import { countSteps, extentAt, fitBudget, mostBytes } from '../../../src/mail/render/budget.ts';
import { readHtml } from '../../../src/mail/render/faults.ts';
import { createRenderer } from '../../../src/mail/render/renderer.ts';
import { aDigest, aMasthead, anEdition, aPaper, papers } from '../../support/builders.ts';

const renderer = createRenderer({ templates: 'templates' });
const bytes = (text: string) => Buffer.byteLength(text);

describe('extentAt', () => {
  const amount = { picks: 3, also: 2 };

  it('shortens summaries first, then drops titles, then picks but the lead', () => {
    const steps = Array.from({ length: countSteps(amount) }, (_, step) => extentAt(step, amount));
    expect(steps.map(({ summary, also, picks }) => [summary, also, picks])).toEqual([
      [320, 2, 3],
      [240, 2, 3],
      [160, 2, 3],
      [100, 2, 3],
      [100, 1, 3],
      [100, 0, 3],
      [100, 0, 2],
      [100, 0, 1],
    ]);
  });
});

describe('fitBudget', () => {
  const sized = (size: (step: number) => number, overhead: number) => {
    const tries: number[] = [];
    const attempt = async (step: number) => {
      tries.push(step);
      return { step, bytes: size(step) + overhead, estimate: size(step) };
    };
    return { tries, squeeze: (steps: number) => fitBudget(steps, size, attempt) };
  };

  it('tries once where all fits', async () => {
    const { tries, squeeze } = sized(() => 100, 50);
    expect((await squeeze(10)).step).toBe(0);
    expect(tries).toEqual([0]);
  });

  it('goes straight to the first step that fits', async () => {
    const { tries, squeeze } = sized(step => 200_000 - step * 1_000, 5_000);
    expect((await squeeze(500)).step).toBe(110);
    expect(tries).toEqual([0, 110]);
  });

  it('says so where nothing fits', async () => {
    await expect(sized(() => 200_000, 0).squeeze(500)).rejects.toThrow(InputError);
  });
});

describe('the size of a mail', () => {
  const absurd = papers(500, { abstract: `${'A long sentence & more of it. '.repeat(700)}` });
  const long = absurd.map((paper, at) => ({
    ...paper,
    title: `${paper.title}: ${'unbreakable'.repeat(450)}`,
    authors: Array.from({ length: 3 }, () => 'Name '.repeat(100)),
    upvotes: 500 - at,
  }));
  const wide = absurd.map(paper => ({ ...paper, title: `${paper.title} ${'大'.repeat(5_000)}` }));

  it('leaves nothing out of 500 papers with long abstracts and short titles', async () => {
    const edition = anEdition(aDigest({ papers: absurd }));
    const { html, trimmed } = await renderer.renderEdition(edition, aMasthead());
    expect(bytes(html)).toBeLessThanOrEqual(mostBytes);
    expect(trimmed).toEqual([]);
  });

  it.each([
    ['long titles', long],
    ['wide characters', wide],
  ])('stays within the budget with 500 papers and %s', async (_, papers) => {
    const edition = anEdition(aDigest({ papers }));
    const { html, text, picks, trimmed } = await renderer.renderEdition(edition, aMasthead());
    expect(bytes(html)).toBeLessThanOrEqual(mostBytes);
    expect(bytes(text)).toBeLessThanOrEqual(mostBytes);
    expect(bytes(html)).toBeGreaterThan(mostBytes - 2_000);
    expect(readHtml(html).faults).toEqual([]);
    expect(html.trimEnd()).toMatch(/<\/html>$/);
    expect(picks).toBe(10);
    expect(trimmed).toEqual([
      'summaries were shortened to 200 and 100 characters (from 520 and 320)',
      expect.stringMatching(/^“Also today” lists \d+ of 490 titles$/),
    ]);
  });

  it('leaves out picks from the end where that is not enough, and says how many', async () => {
    const url = (at: number) => `https://example.org/${at}?${'&'.repeat(1_900)}`;
    const papers = Array.from({ length: 50 }, (_, at) => aPaper({ title: `T${at}`, url: url(at) }));
    const edition = {
      ...anEdition(),
      total: 50,
      picks: papers.map((paper, at) => ({ position: at + 1, paper })),
    };
    const { html, text, picks, trimmed } = await renderer.renderEdition(edition, aMasthead());
    expect(picks).toBeLessThan(50);
    expect(trimmed.at(-1)).toBe(`${picks} of 50 picks fit`);
    expect(text).toContain(`\n${picks} of 50 papers\n`);
    expect(readHtml(html).links).toContainEqual({ href: url(picks - 1), text: `T${picks - 1}` });
    expect(html).not.toContain(url(picks));
  });
});
