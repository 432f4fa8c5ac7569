/** Splits `A. Vaswani, N. Shazeer and N. Parmar` into names. */
export function splitNames(text: string): string[] {
  const listed = text.replace(/[,;]?\s+(?:et al\.?|and \d+ (?:others|more))$|\.$/i, '');
  return listed.split(/\s*[,;]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+/).filter(name => name !== '');
}

const name =
  /^(?:\p{Lu}[\p{L}\p{M}'’.-]*|d[aeiou]|v[ao]n|der?|den|del|la|le|bin|al|el|ter|ten|dos)(?: (?:\p{Lu}[\p{L}\p{M}'’.-]*|d[aeiou]|v[ao]n|der?|den|del|la|le|bin|al|el|ter|ten|dos)){1,6}$/u;

/** Whether `text` is a list of people's names: two that must be, or more of which most must be. */
export function looksLikeNames(text: string): boolean {
  if (!/^.{2,60}(?:,|;| and | &)/.test(text)) return false;
  const names = splitNames(text);
  if (names.length < 2 || names.some(one => one.length > 60 || /[:?!]/.test(one))) return false;
  const sure = names.filter(one => name.test(one)).length;
  return names.length < 4 ? sure === names.length : sure >= names.length * 0.7;
}
