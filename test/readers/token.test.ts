import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeToken, readToken, suppressionHash, tokenLength } from '../../src/readers/token.ts';
import type { LinkKey } from '../../src/store/settings.ts';

const key: LinkKey = { id: 7, key: Buffer.alloc(32, 1), retired: false };
const retired: LinkKey = { id: 3, key: Buffer.alloc(32, 2), retired: true };
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

describe('a token', () => {
  it('never changes its form: links in old mails must go on working', () => {
    expect(makeToken(key, 'unsubscribe', 42, 1)).toBe('AQcBAAAAAAAAACoAAAABF6izqhE7aVlI2Yn4iKlLqg');
  });

  it('reads back what was signed, whatever the numbers', () => {
    const purpose = fc.constantFrom('unsubscribe', 'preferences', 'confirm', 'undo');
    const counter = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    fc.assert(
      fc.property(purpose, fc.maxSafeNat(), counter, (purpose, subscriberId, counter) => {
        const token = makeToken(key, purpose, subscriberId, counter);
        expect(token).toHaveLength(tokenLength);
        expect(readToken(token, [retired, key])).toEqual({ purpose, subscriberId, counter });
      }),
    );
  });

  it('is refused once any one character differs', () => {
    const token = makeToken(key, 'preferences', 5, 0);
    for (let i = 0; i < token.length; i += 1) {
      for (const letter of alphabet) {
        const changed = token.slice(0, i) + letter + token.slice(i + 1);
        if (changed !== token) expect(readToken(changed, [key])).toBeNull();
      }
    }
  });

  it.each(['', 'x', 'A'.repeat(41), 'A'.repeat(43), `${'A'.repeat(41)}!`, '\u{1f600}'.repeat(21)])(
    'is not %j',
    text => expect(readToken(text, [key])).toBeNull(),
  );

  it('is refused when padded, spaced or written in the other base64', () => {
    const tokens = [...Array(99).keys()].map(id => makeToken(key, 'unsubscribe', id, 1));
    const token = tokens.find(text => text.includes('_')) ?? expect.fail('none with _');
    expect(readToken(`${token}==`, [key])).toBeNull();
    expect(readToken(` ${token}`, [key])).toBeNull();
    expect(readToken(token.replace('_', '/'), [key])).toBeNull();
  });

  it('is refused from a key of the same id with other bytes, and from an unknown key', () => {
    const token = makeToken(key, 'unsubscribe', 42, 1);
    expect(readToken(token, [{ ...key, key: Buffer.alloc(32, 9) }])).toBeNull();
    expect(readToken(token, [retired])).toBeNull();
  });

  it('of a retired key still unsubscribes, and does nothing else', () => {
    expect(readToken(makeToken(retired, 'unsubscribe', 1, 0), [retired])).not.toBeNull();
    for (const purpose of ['preferences', 'confirm', 'undo'] as const) {
      expect(readToken(makeToken(retired, purpose, 1, 0), [retired])).toBeNull();
    }
  });

  it.each([-1, 1.5, 2 ** 53, Number.NaN])('is not made for subscriber %d', id => {
    expect(() => makeToken(key, 'confirm', id, 0)).toThrow(RangeError);
  });
});

describe('the suppression hash', () => {
  it('is the same for the same key and address, and another for another key', () => {
    const hash = suppressionHash(key.key, 'ada@example.org');
    expect(hash).toHaveLength(32);
    expect(suppressionHash(key.key, 'ada@example.org')).toEqual(hash);
    expect(suppressionHash(retired.key, 'ada@example.org')).not.toEqual(hash);
  });
});
