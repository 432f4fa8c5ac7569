import { describe, expect, test } from 'vitest';
import { readable } from '../../src/digest/paper.ts';
import { titleKey } from '../../src/digest/title-key.ts';

describe('titleKey', () => {
  // Keys are stored: if one of these changes, papers that were carried are carried again.
  test.each([
    ['Attention Is All You Need', '5563e10cdb032fc9fb22bd922028dfb1'],
    ['SAM 2', 'a33beaec9c1f9ec63b3bfcf3640e7191'],
    ['$\\tau$-bench: A Benchmark', '9cb62a370d19991d7a52e8498289de15'],
    ["Poincar\\'e Embeddings", 'dad74faab9a9ee7a06ca1584dd0d54f5'],
    ['36times 64', '3cef57c2652e4aa0bb923a92fb2e0de2'],
    ['推理模型', '2ab07e4d5c009cb5714eeda2edc678c5'],
    ['∞', '78d9ce976067aaa5aa9024c17a726c9b'],
  ])('never changes for %s', (title, key) => {
    expect(titleKey(title)).toBe(key);
  });

  test.each([
    ['Attention is all you need', 'ATTENTION  Is All\n You Need!'],
    ["Poincar\\'e Embeddings", 'Poincaré Embeddings'],
    ["Poincar{\\'{e}} Embeddings", 'Poincare\u0301 Embeddings'],
    ['10\\% of \\emph{this}', '10% of this'],
    ["``Quoted'' a~tie -- and more", '“Quoted” a tie – and more'],
    ['x^{2} and H_2O', 'x² and H₂O'],
    ['Ａｌｐｈａ', 'Alpha'],
  ])('is the same for %s and %s', (one, other) => {
    expect(titleKey(one)).toBe(titleKey(other));
  });

  test.each([
    "Is It 50\\% Better? A~Study of ``Scale'' -- and $x^2$",
    'The na\\"{\\i}ve \\textsc{Model} of Erd\\H{o}s',
    'Consistency^2: Consistent and Fast 3D Painting',
  ])('is the same before and after TeX is read: %s', title => {
    expect(titleKey(readable(title))).toBe(titleKey(title));
  });

  test('tells apart titles that differ in a digit, or have symbols alone', () => {
    expect(titleKey('SAM 2')).not.toBe(titleKey('SAM 3'));
    expect(titleKey('∞')).not.toBe(titleKey('∅'));
  });
});
