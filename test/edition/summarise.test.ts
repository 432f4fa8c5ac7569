import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { summarise } from '../../src/edition/summarise.ts';

const sentence = (length: number) => `${'Word '.repeat(length / 5 - 1)}ends.`;

describe('summarise', () => {
  it('takes the first three sentences where they fit', () => {
    expect(summarise('One is. Two is. Three is. Four is.', 320)).toBe('One is. Two is. Three is.');
  });

  it('takes only sentences that fit whole', () => {
    expect(summarise(`${sentence(200)} ${sentence(200)}`, 320)).toBe(sentence(200));
  });

  it('begins the next sentence where those that fit say too little', () => {
    const summary = summarise(`Why? ${sentence(400)}`, 320);
    expect(summary).toMatch(/^Why\? Word .* Word…$/);
    expect(summary.length).toBeGreaterThan(300);
  });

  it('cuts a lone sentence that is too long at a word', () => {
    expect(summarise(sentence(400), 100)).toMatch(/^(?:Word )+Word…$/);
  });

  it('puts nothing between sentences that had nothing between them', () => {
    expect(summarise('我们提出一个模型。它很快。', 320)).toBe('我们提出一个模型。它很快。');
  });

  it('gives nothing for an empty abstract', () => {
    expect(summarise('', 320)).toBe('');
  });

  it('never exceeds its length, nor breaks a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 20, max: 200 }),
        (text, most) => {
          const summary = summarise(text, most);
          expect(summary.length).toBeLessThanOrEqual(most);
          expect(Buffer.from(summary).toString()).toBe(summary);
        },
      ),
    );
  });
});
