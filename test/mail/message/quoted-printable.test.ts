import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import { quotedPrintable } from '../../../src/mail/message/encoding.ts';

/** Texts with what is dangerous to mail programs: dots, "From ", white space, long words, emoji. */
const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom(
    '.',
    'From ',
    '\n',
    ' ',
    '  ',
    '\t',
    '=',
    '=3D',
    '\r\n',
    'é',
    '漢字',
    '👩‍🚀',
    ' \n',
  ),
  fc.string({ unit: fc.constantFrom('a', ' ', '.', 'é'), minLength: 60, maxLength: 160 }),
);
const text = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''));
const linesOf = (encoded: string) => encoded.split('\r\n');

const holds = (property: (encoded: string, input: string) => void) =>
  fc.assert(
    fc.property(text, input => property(quotedPrintable(input), input)),
    { numRuns: 500 },
  );

describe('quoted-printable', () => {
  it('is decoded by a mail reader to the text it was made of, with CRLF line ends', async () => {
    await fc.assert(
      fc.asyncProperty(text, async input => {
        // As an attachment, whose bytes a reader does not touch.
        const head =
          'Content-Type: application/x-any\r\nContent-Transfer-Encoding: quoted-printable';
        const { attachments } = await simpleParser(`${head}\r\n\r\n${quotedPrintable(input)}`);
        const expected = Buffer.from(input.replace(/\r\n?|\n/g, '\r\n'));
        expect(attachments[0]?.content.toString('hex')).toBe(expected.toString('hex'));
      }),
      { numRuns: 200 },
    );
  });

  it('has no line of more than 76 characters', () => {
    holds(encoded => {
      expect(Math.max(...linesOf(encoded).map(line => line.length))).toBeLessThanOrEqual(76);
    });
  });

  it('is 7-bit, without control characters', () => {
    holds(encoded => {
      expect(encoded).toMatch(/^(?:[ -~]|\r\n)*$/);
    });
  });

  it('begins no line with a dot or with "From "', () => {
    holds(encoded => {
      expect(linesOf(encoded).filter(line => /^(?:\.|From )/.test(line))).toEqual([]);
    });
  });

  it('ends no line in white space and has no two spaces in a row', () => {
    holds(encoded => {
      expect(encoded).not.toMatch(/[ \t](?:\r\n|$)| {2}/);
    });
  });

  it('keeps room on the line for what a mark will become', () => {
    const encoded = quotedPrintable(`${'x'.repeat(60)}MARK.`, ['MARK'], 42);
    expect(linesOf(encoded)).toEqual([`${'x'.repeat(60)}=`, 'MARK.']);
  });

  it('leaves marks as they are, wherever they stand', () => {
    expect(quotedPrintable('MARK é MARK', ['MARK'], 4)).toBe('MARK =C3=A9 MARK');
  });
});
