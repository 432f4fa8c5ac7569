import { mostBytes } from '../render/budget.ts';
import type { Finding, Severity } from './finding.ts';
import type { Mail } from './read-mail.ts';

/** How much of a subject a phone shows, and most other inboxes (characters). */
const shown = { phone: 40, desktop: 78 } as const;

/** Checks the subject and the preheader that inboxes show after it. */
export function checkSubject(subject: string, preheader: string): Finding[] {
  const findings: Finding[] = [];
  const find = (severity: Severity, what: string, cure: string, place = 'Subject') =>
    findings.push({ severity, rule: 'subject', what, cure, place });
  const { length } = subject;
  if (length === 0) find('error', 'There is no subject.', 'Write one: --subject "…".');
  if (length > shown.desktop) {
    const what = `The subject has ${length} characters; most inboxes cut it at about ${shown.desktop}.`;
    find('warning', what, 'Say the most important thing first, or make it shorter.');
  } else if (length > shown.phone) {
    const start = subject.slice(0, shown.phone).trimEnd();
    const what = `A phone shows about ${shown.phone} of the subject’s ${length} characters: “${start}…”.`;
    find('note', what, 'See that this much makes sense alone.');
  }
  if (/^\s*(?:re|aw|fwd?|wg)\s*:/i.test(subject)) {
    find(
      'warning',
      'The subject looks like an answer or a forward.',
      'Leave “Re:” and “Fwd:” out.',
    );
  }
  if (/[!?]{2,}|!.*!/.test(subject)) {
    find('warning', 'The subject shouts; filters count exclamation marks.', 'Leave them out.');
  }
  if (length > 9 && /\p{Lu}/u.test(subject) && !/\p{Ll}/u.test(subject)) {
    find('warning', 'The subject is all capitals; filters distrust it.', 'Write it as a sentence.');
  }
  if (preheader === '') {
    const what = 'There is no preheader, so inboxes show whatever words come first.';
    find(
      'warning',
      what,
      'Say in <mj-preview> what an inbox shows after the subject.',
      'Preheader',
    );
  } else if (preheader === subject) {
    find('note', 'The preheader repeats the subject.', 'Say something else in it.', 'Preheader');
  }
  return findings;
}

/** Gmail cuts a mail off after this many bytes of HTML, and hides the link to leave with the rest. */
export const gmailClips = 102_400;

/** How many bytes of the HTML one kind of thing takes. */
export type SizePart = { readonly name: string; readonly bytes: number };

const bytesOf = (text: string) => Buffer.byteLength(text);
const total = (texts: readonly string[]) => texts.reduce((sum, text) => sum + bytesOf(text), 0);

/** What the bytes of `html` are spent on; the parts add up to its size. */
export function sizeParts(html: string): readonly SizePart[] {
  const outlook = html.match(/<!--\[if [\s\S]*?<!\[endif\]-->/g) ?? [];
  const rest = html.replace(/<!--[\s\S]*?-->/g, '');
  const sheets = rest.match(/<style\b[\s\S]*?<\/style>/g) ?? [];
  const body = rest.replace(/<style\b[\s\S]*?<\/style>/g, '');
  const tags = body.match(/<[^>]*>/g) ?? [];
  const attributes = (name: string) =>
    tags.flatMap(tag => tag.match(new RegExp(`\\s${name}="[^"]*"`, 'g')) ?? []);
  const known = [
    { name: 'words', bytes: bytesOf(body) - total(tags) },
    { name: 'links', bytes: total(attributes('href')) },
    { name: 'inline styles', bytes: total(attributes('style')) },
    { name: 'style sheet', bytes: total(sheets) },
    { name: 'for Outlook alone', bytes: total(outlook) },
  ];
  const markup = bytesOf(html) - known.reduce((sum, { bytes }) => sum + bytes, 0);
  return [...known, { name: 'other markup', bytes: markup }];
}

/** Checks the size against the point where Gmail clips a mail, and our own budget. */
export function checkSize(html: string, mail: Mail): Finding[] {
  const bytes = bytesOf(html);
  if (bytes <= mostBytes) return [];
  const most = [...sizeParts(html)].sort((a, b) => b.bytes - a.bytes)[0];
  const longest = mail.words.reduce(
    (most, piece) => (piece.text.length > most.text.length ? piece : most),
    { text: '', line: 1 },
  );
  const over = bytes > gmailClips;
  return [
    {
      severity: over ? 'error' : 'warning',
      rule: 'size',
      what: `The HTML is ${kilobytes(bytes)}; ${over ? `Gmail cuts a mail off at ${kilobytes(gmailClips)}, with the link to leave` : `the budget is ${kilobytes(mostBytes)}, and Gmail cuts off at ${kilobytes(gmailClips)}`}.`,
      cure: `Most of it is ${most?.name} (${kilobytes(most?.bytes ?? 0)}); the longest text is ${kilobytes(bytesOf(longest.text))}. Shorten it.`,
      place: `edition.html:${longest.line}`,
      written: [longest.text.trim().slice(0, 60)],
    },
  ];
}

/** `21.4 KB`, of 1,000 bytes. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} KB`;
}
