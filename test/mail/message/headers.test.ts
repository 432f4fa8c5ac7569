import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import {
  dateValue,
  headerLine,
  mailboxValue,
  textValue,
} from '../../../src/mail/message/encoding.ts';

const subjectLine = (text: string) => headerLine('Subject', textValue(text));
const readSubject = async (text: string) => {
  const { subject } = await simpleParser(`${subjectLine(text)}\r\n`);
  return subject;
};
const readFrom = async (name: string | null) => {
  const value = mailboxValue({ name, address: 'papers@example.org' });
  const { from } = await simpleParser(`${headerLine('From', value)}\r\n`);
  return from?.value;
};
const longest = (header: string) => Math.max(...header.split('\r\n').map(line => line.length));

const hostile = [
  'Foo & Bar <b>: "{{x}}"',
  'Bcc: victim@example.org',
  '=?utf-8?B?SGk=?= is no encoded word',
  '大きな言語モデルは短い要約を書けるか、そして誰がそれを読むのか',
  'Émile\u0000 and \u001b[31m',
  `${'word '.repeat(60)}end`,
  'x'.repeat(200),
  '👩‍🚀'.repeat(30),
];

describe('a header with text', () => {
  it.each(hostile)('is read back as it was: %s', async text => {
    expect(await readSubject(text)).toBe(text);
  });

  it('has no line end but in a fold, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => {
        expect(subjectLine(text)).toMatch(/^Subject: [ -~]*(?:\r\n [ -~]+)*\r\n$/);
      }),
    );
  });

  it('turns line breaks into spaces', () => {
    expect(textValue('one\r\nBcc: two@example.org')).toBe('one Bcc: two@example.org');
  });

  it('is folded at spaces within 78 characters', () => {
    expect(longest(subjectLine('word '.repeat(60)))).toBeLessThanOrEqual(78);
  });

  it('keeps lines with encoded words within 76 characters (RFC 2047 §2)', () => {
    expect(longest(subjectLine('é'.repeat(300)))).toBeLessThanOrEqual(76);
  });

  it('passes 998 characters nowhere, not even with one long word', () => {
    expect(longest(subjectLine('x'.repeat(5_000)))).toBeLessThanOrEqual(998);
  });
});

describe('a header with a mailbox', () => {
  it.each([
    'Daily Papers',
    'Doe, Jane (she) <jane>',
    'A "quoted" \\ name',
    'Zoë 漢字',
    'evil@example.org',
    '=?utf-8?Q?no?= word',
  ])('reads back the name: %s', async name => {
    expect(await readFrom(name)).toEqual([{ name, address: 'papers@example.org' }]);
  });

  it('has the address alone where there is no name', async () => {
    expect(await readFrom(null)).toEqual([{ name: '', address: 'papers@example.org' }]);
    expect(await readFrom(' ')).toEqual([{ name: '', address: 'papers@example.org' }]);
  });

  it('has one mailbox, whatever the name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 40 }), async name => {
        const read = await readFrom(name);
        expect(read?.map(({ address }) => address)).toEqual(['papers@example.org']);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a header with a date', () => {
  it('is written in UTC with a numeric zone (RFC 5322 §3.3)', () => {
    expect(dateValue(Date.UTC(2025, 8, 3, 6))).toBe('Wed, 03 Sep 2025 06:00:00 +0000');
  });
});
