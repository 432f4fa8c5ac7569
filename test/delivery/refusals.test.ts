import { describe, expect, it } from 'vitest';
import { createRefusalWatch, isPolicyRefusal } from '../../src/delivery/refusals.ts';
import { readReply, type SendResult } from '../../src/delivery/reply.ts';

/** Shows a watch these outcomes, a word each: `ok`, or the domain that refused. */
function watch(...words: readonly string[]): boolean[] {
  const { see } = createRefusalWatch();
  return words.map(word =>
    see(
      word === 'ok'
        ? { domain: 'fine.example', policyRefusal: false }
        : { domain: word, policyRefusal: true },
    ),
  );
}
const times = (count: number, word: string) => Array.from({ length: count }, () => word);
const pausesAt = (words: readonly string[]) => watch(...words).indexOf(true) + 1;

describe('watching refusals', () => {
  it('is calm where all goes well', () => {
    expect(pausesAt(times(500, 'ok'))).toBe(0);
  });

  it('lets one domain, or two, have rules of their own', () => {
    expect(pausesAt([...times(5, 'a.example'), ...times(200, 'ok')])).toBe(0);
    expect(pausesAt(['a.example', 'b.example', 'a.example', ...times(200, 'ok')])).toBe(0);
  });

  it('pauses where three domains refuse', () => {
    expect(pausesAt(['a.example', 'ok', 'b.example', 'ok', 'c.example'])).toBe(5);
  });

  it('pauses at the sixth of one domain among a hundred', () => {
    expect(pausesAt([...times(94, 'ok'), ...times(6, 'a.example')])).toBe(100);
    expect(pausesAt(times(6, 'a.example'))).toBe(6);
  });

  it('forgets what was more than a hundred outcomes ago', () => {
    const now = [...times(3, 'a.example'), ...times(97, 'ok')];
    expect(pausesAt([...now, ...times(5, 'a.example')])).toBe(0);
    expect(pausesAt(['a.example', 'b.example', ...times(99, 'ok'), 'c.example'])).toBe(0);
  });

  it('never pauses because of one that was accepted', () => {
    expect(watch(...times(6, 'a.example'), 'ok').at(-1)).toBe(false);
  });
});

describe('a refusal by policy', () => {
  const refused = (text: string): SendResult => ({
    kind: 'refused',
    stage: 'dot',
    reply: readReply(text),
    usable: true,
  });

  it.each([
    ['550 5.7.1 Blocked', true],
    ['550 5.7.26 Unauthenticated', true],
    ['550-5.7.26 Unauthenticated\n550 5.7.26 sender', true],
    ['550 5.7.129 Restricted group', false],
    ['550 5.7.133 Restricted group', false],
    ['550 5.1.1 Nobody', false],
    ['550 No 5.7.1', false],
    ['451 4.7.1 Later', false],
  ])('%s: %s', (text, is) => {
    expect(isPolicyRefusal(refused(text))).toBe(is);
  });

  it('is none where it was sent or lost', () => {
    expect(isPolicyRefusal({ kind: 'accepted', reply: readReply('250 5.7.1') })).toBe(false);
    expect(isPolicyRefusal({ kind: 'lost', stage: 'dot', text: '550 5.7.1' })).toBe(false);
  });
});
