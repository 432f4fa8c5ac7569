import { createHash } from 'node:crypto';

/**
 * The identity of a title: 32 hexadecimal digits. Pass the title as the source wrote it, TeX and
 * all: commands, accents, marks and white space play no part, so the key is the same however well
 * the TeX is cleaned. It is stored for ever and frozen by golden vectors: never change what it
 * gives.
 */
export function titleKey(title: string): string {
  const folded = title.normalize('NFKC').toLowerCase();
  // Under an accent, \i and \j are letters; every other command goes.
  const plain = folded.replace(/\\([ij])(?![a-z])/g, '$1').replace(/\\[a-z]+/g, ' ');
  const letters = lettersAndDigits(plain);
  // A title of symbols alone must not be the same paper as every other such title.
  return createHash('sha256')
    .update(letters || folded.trim())
    .digest('hex')
    .slice(0, 32);
}

/** Accents count as marks, so that `\'e` and `é` are one letter. */
function lettersAndDigits(text: string): string {
  return text.normalize('NFKD').replace(/[^\p{L}\p{N}]+/gu, '');
}
