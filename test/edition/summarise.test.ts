import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/edition/summarise.ts';

const background =
  'Sequence models are everywhere, and training them has become expensive for nearly everyone who tries. However, existing recurrent models wait for each step, which remains a challenge on modern hardware.';
const contribution =
  'To address this, we propose the Transformer, a sequence model built on attention alone that processes all steps of a sequence in parallel.';
const contributionShown =
  'We propose the Transformer, a sequence model built on attention alone that processes all steps of a sequence in parallel.';
const method =
  'Attention takes the place of recurrence in each layer of the Transformer, for a whole sequence at once.';
const result =
  'On translation, the Transformer outperforms recurrent sequence models and reduces training to a fraction of the time.';
const code = 'Our code is publicly available at https://example.org/transformer.';
const abstract = [background, contribution, method, result, code].join(' ');

describe('summarise', () => {
  it('says what was done and found, not the background before it nor where the code is', () => {
    expect(summarise(abstract, 320)).toBe(`${contributionShown} ${result}`);
  });

  it('says what was done where there is room for one sentence', () => {
    expect(summarise(abstract, 200)).toBe(contributionShown);
  });

  it('says more in more room, in the order of the abstract', () => {
    expect(summarise(abstract, 2_000)).toBe([contributionShown, method, result].join(' '));
  });

  it('shows an abstract whole that fits and is no longer than a summary', () => {
    expect(summarise('One is. Two is. Three is.', 320)).toBe('One is. Two is. Three is.');
  });

  it('takes no more than three sentences', () => {
    expect(summarise('One is. Two is. Three is. Four is.', 320).split(' ').length).toBeLessThan(7);
  });

  it('rather shows background whole than cuts what was done', () => {
    const long = `We propose X, ${'and on '.repeat(60)}and off.`;
    expect(summarise(`${background} ${long}`, 320)).toBe(background);
  });

  it('cuts the best sentence at a word where there is no room for a sentence', () => {
    const cut = summarise(abstract, 60);
    expect(cut).toMatch(/^We propose the Transformer, a sequence model built [a-z ]+…$/);
    expect(cut.length).toBeLessThanOrEqual(60);
  });

  it('cuts a lone sentence that is too long at a word', () => {
    expect(summarise(`${'Word '.repeat(80)}ends.`, 100)).toMatch(/^(?:Word )+Word…$/);
  });

  it('shows no item of a list, nor what the source cut off', () => {
    const text = `${background} We offer two parts. (1) A small one that trains quickly on all data. And a large one that trains slowly on all the da`;
    expect(summarise(text, 240)).toBe('We offer two parts.');
  });

  it('makes do with what there is where the authors are never mentioned', () => {
    const text = `${background} ${method} ${result}`;
    expect(text).toContain(summarise(text, 320).split('. ')[0]);
    expect(summarise(text, 320)).not.toBe('');
  });

  it('puts nothing between sentences that had nothing between them', () => {
    expect(summarise('我们提出一个模型。它很快。', 320)).toBe('我们提出一个模型。它很快。');
    expect(summarise('我们提出一个模型。它很快。它很小。它很好。', 320)).not.toContain(' ');
  });

  it('gives nothing for an empty abstract', () => {
    expect(summarise('', 320)).toBe('');
    expect(summarise(' ', 320, ' ')).toBe('');
  });

  it('never exceeds its length, nor breaks a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 20, max: 300 }),
        (text, most) => {
          const summary = summarise(text, most);
          expect(summary.length).toBeLessThanOrEqual(most);
          expect(Buffer.from(summary).toString()).toBe(summary);
        },
      ),
    );
  });

  it('takes time in proportion to the abstract, whatever that is', () => {
    for (const piece of [
      'We propose X. ',
      'In this paper, ',
      'To this, ',
      '(',
      'a-',
      '1. ',
      '“ ',
    ]) {
      const text = piece.repeat(100_000 / piece.length);
      const start = performance.now();
      summarise(text, 320);
      expect(performance.now() - start).toBeLessThan(1_000);
    }
  });
});

describe('summarise, where the source has a line of its own', () => {
  it('takes that', () => {
    expect(summarise(abstract, 320, ' A model that attends, and is fast. ')).toBe(
      'A model that attends, and is fast.',
    );
  });

  it('takes as many of its sentences as fit', () => {
    expect(summarise(abstract, 40, 'A model that attends. It is fast, and does well.')).toBe(
      'A model that attends.',
    );
  });

  it('cuts its only sentence at a word', () => {
    expect(summarise(abstract, 40, 'A model that attends to all that there is')).toBe(
      'A model that attends to all that there…',
    );
  });

  it.each(['', '  ', 'N/A', 'To be done'])('but not “%s”', tldr => {
    expect(summarise(abstract, 320, tldr)).toBe(summarise(abstract, 320));
  });
});
