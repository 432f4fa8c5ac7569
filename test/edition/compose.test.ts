import { describe, expect, it } from 'vitest';
import type { Paper } from '../../src/digest/digest.ts';
import { composeEdition, type EditionParts } from '../../src/edition/compose.ts';
import { InputError } from '../../src/lib/errors.ts';
import { aDigest, aPaper, papers } from '../support/builders.ts';

function compose(picked: readonly Paper[], values: Partial<EditionParts> = {}) {
  const digest = aDigest({ papers: picked, curator: 'Somebody' });
  const picks = picked.map((paper, at) => ({ position: at + 1, paper }));
  return composeEdition({
    kind: 'daily',
    date: '2025-09-04',
    digest,
    picks,
    rest: [],
    name: 'Daily Papers',
    ...values,
  });
}

const titled = (...titles: string[]) => titles.map(title => aPaper({ title }));

describe('composeEdition', () => {
  it('counts late papers among those there were', () => {
    expect(compose(papers(3), { late: 2 }).total).toBe(5);
  });

  it('keeps what the digest says beside the papers', () => {
    const rest = papers(2);
    const edition = compose(papers(3), { rest });
    expect(edition).toMatchObject({ date: '2025-09-04', digestDate: '2025-09-03', total: 3 });
    expect(edition).toMatchObject({ curator: 'Somebody', also: rest, intro: null });
  });

  it('makes the subject of the first two titles where both fit', () => {
    const { subject, preheader } = compose(titled('Attention Is All You Need', 'YaRN', 'BERT'));
    expect(subject).toBe('Attention Is All You Need · YaRN');
    expect(preheader).toBe('BERT');
  });

  it('makes it of the lead alone where the second does not fit', () => {
    const second = 'A Second Title of Which There Is Too Much to Stand Beside the First';
    const { subject, preheader } = compose(titled('Attention Is All You Need', second, 'BERT'));
    expect(subject).toBe('Attention Is All You Need');
    expect(preheader).toBe(`${second} · BERT`);
  });

  it('cuts a long lead at a word', () => {
    const { subject } = compose(titled('Very '.repeat(30).trim()));
    expect(subject).toMatch(/^(?:Very )+Very…$/);
    expect(subject.length).toBeLessThanOrEqual(78);
  });

  it('lets no line end and no control character into subject and preheader', () => {
    const hostile = 'One\r\nBcc: everybody@example.org\u0000\u2028\u202eTwo';
    const { subject, preheader } = compose(titled(hostile, 'x'.repeat(80), hostile));
    expect(subject).toBe('One Bcc: everybody@example.org Two');
    expect(preheader).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  });

  it('takes the editor’s subject as it is, and then begins the preheader with the lead', () => {
    const { subject, preheader } = compose(titled('YaRN', 'BERT'), { subject: ' Hello,\n you ' });
    expect(subject).toBe('Hello, you');
    expect(preheader).toBe('YaRN · BERT');
  });

  it('makes a subject where the editor’s is blank', () => {
    expect(compose(titled('YaRN'), { subject: '  ' }).subject).toBe('YaRN');
  });

  it('falls back to the summary, then to name and date, for a preheader', () => {
    expect(compose([aPaper({ abstract: 'We ask. We answer.' })]).preheader).toBe(
      'We ask. We answer.',
    );
    const { preheader } = compose([aPaper({ abstract: '' })]);
    expect(preheader).toBe('Daily Papers, Thursday, 4 September 2025');
  });

  it('keeps the paragraphs of an intro and cleans its lines', () => {
    expect(compose(papers(1), { intro: '\r\nGood\tmorning.\r\n\r\nRead on.\n' }).intro).toBe(
      'Good morning.\n\nRead on.',
    );
  });

  it('says how long an intro or a subject is that is too long', () => {
    const intro = 'x'.repeat(2_345);
    expect(() => compose(papers(1), { intro })).toThrow(InputError);
    expect(() => compose(papers(1), { intro })).toThrow('2,345 characters long; at most 2,000');
    expect(() => compose(papers(1), { subject: 'x'.repeat(201) })).toThrow('201 characters long');
  });
});
