/**
 * `text` as one line that is safe in a header or a title: control characters and line ends become
 * spaces, marks that turn the writing direction are dropped, white space is collapsed.
 */
export function oneLine(text: string): string {
  return text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
