import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from '../../src/edition/sentences.ts';

describe('sentences', () => {
  it.each([
    ['a plain pair', 'We ask. We answer.'],
    ['questions and calls', 'Does it scale? It does! We show how.'],
    ['a model that ends a sentence', 'It beats GPT-4. The gap is wide.'],
    ['a quote that closes after the stop', 'They say “no.” We say yes.'],
    ['a bracket that closes after the stop', 'It is slow (see below.) We speed it up.'],
    ['a bracket that opens the next', 'It works. (Code is public.)'],
    ['a digit that opens the next', 'It works. 3 of 4 people agree.'],
    ['a name in mixed case', 'It is fast. vLLM serves it.'],
    ['a lower-case term with a hyphen', 'Clusters matter. k-means finds them.'],
    ['an address', 'Code is at https://example.org/a.b?c=d. We hope it helps.'],
    ['an ellipsis', 'Longer is better… Or is it?'],
    ['“et al.” at the end', 'It extends Smith et al. We go further.'],
    ['an initial at the end', 'It follows plan B. The rest is hard.'],
    ['a word that only a sentence begins with', 'It wins in games.We show how.'],
    ['a quote of its own', 'They say “It works.” We doubt it.'],
    ['Chinese', '我们提出一个模型。它很快。'],
  ])('divides %s', (_, text) => {
    expect([...sentences(text)].length).toBeGreaterThan(1);
  });

  it.each([
    'Methods, i.e. Transformers and e.g. LSTMs, are compared.',
    'As Vaswani et al. (2017) and Smith et al. show, attention helps.',
    'We compare speech vs. Text with ca. 30 models.',
    'Fig. 3, Eq. (2), Sec. 4 and Tab. 5 give details.',
    'See Figs. 3 and 4 (cf. Appendix B).',
    'It has 3.5 billion weights and version 2.0.1 of the code.',
    'The work of J. R. R. Tolkien and A. Turing is cited.',
    'Samples are i.i.d. Gaussian w.r.t. X.',
    'Models such as Node.js and v1.5-Pro are used.',
    'It is No. 1 of the list.',
    'Prof. Smith and Dr. Jones agree.',
    'It grows and grows... until it stops.',
    'It can: 1. Plan ahead; 2. Act on plans, and 3. Learn from it.',
    'It has parts: (1) One that plans. (2) One that acts.',
    'It finds that: 1. Plans are many. 2. Acts are few. 3. Both are good.',
    'It reads well (e.g. books. And more of them. Many.) and writes.',
    'The answer “Yes. We can.” is right.',
    'State-of-the-art models reach 3.5 (avg. 2) in Sec. 2.',
    'Weights R^(m×n) of π_(0.5) vs. x₁ are kept w.r.t. ε.',
  ])('leaves “%s” whole', text => {
    expect([...sentences(text)]).toEqual([text]);
  });

  it('cuts where it should in an abstract', () => {
    const text =
      'We present YaRN (i.e. Yet another RoPE extensioN), cf. Fig. 2. It needs 2.5x fewer steps than Chen et al. (2023). Code: https://example.org/yarn.';
    expect([...sentences(text)]).toEqual([
      'We present YaRN (i.e. Yet another RoPE extensioN), cf. Fig. 2.',
      'It needs 2.5x fewer steps than Chen et al. (2023).',
      'Code: https://example.org/yarn.',
    ]);
  });

  it('keeps every character but white space', () => {
    const words = fc.array(
      fc.constantFrom('a', 'We', 'et al.', 'end.', '3.5', 'x?', '。', '…', '"b."'),
    );
    fc.assert(
      fc.property(words, words => {
        const text = words.join(' ');
        expect([...sentences(text)].join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
      }),
    );
  });

  it('stays quick on a long run of stops', () => {
    const text = `It goes on${'.'.repeat(200_000)}and on`;
    expect([...sentences(text)]).toEqual([text]);
  });

  it('gives nothing for nothing', () => {
    expect([...sentences('  ')]).toEqual([]);
  });
});
