import type { Edition } from '../../edition/edition.ts';
import { longDay } from '../../lib/day.ts';
import { type Finding, type Severity, tally } from '../../mail/check/finding.ts';
import { readHeaders } from '../../mail/check/headers.ts';
import { gmailClips, kilobytes, sizeParts } from '../../mail/check/inbox.ts';
import { readMail, snippetOf } from '../../mail/check/read-mail.ts';
import { mostBytes } from '../../mail/render/budget.ts';
import { type Choice, choiceQuery, editionValue } from './choice.ts';
import { sandbox, type View, views } from './frames.ts';
import type { Proof } from './press.ts';
import type { Session, Shown } from './session.ts';

const labels: Readonly<Record<View, string>> = {
  desktop: 'Desktop',
  phone: 'Phone',
  dark: 'Dark',
  inverted: 'Inverted',
  'no-images': 'No images',
  plain: 'Plain text',
  source: 'Source',
};

const hints: Readonly<Record<View, string>> = {
  desktop: 'As Gmail or Apple Mail show it in a wide window, in the light.',
  phone: '375 pixels wide, in the light.',
  dark: 'With the mail’s own dark styles, as Apple Mail shows it at night.',
  inverted: 'As clients show it that make a dark of their own, such as Gmail on an iPhone.',
  'no-images': 'As most clients show it at first.',
  plain: 'What terminals, watches and screen readers may prefer.',
  source: 'What goes over the wire, but for who gets it.',
};

/** What happened to a test that was asked for; `failed`: in place of sent. */
export type Said = { readonly text: string; readonly failed: boolean };

/** The page as its template sees it. */
export async function viewPage(
  { source, settings }: Session,
  choice: Choice,
  { proof, trouble }: Shown,
  around: { readonly version: string; readonly said: Said | null; readonly to: string },
) {
  const { view, what, kind } = choice;
  const stored = await source.listStored();
  const value = editionValue(what);
  const option = (value_: string, label: string) => ({
    value: value_,
    label,
    selected: value_ === value,
  });
  const { sender } = settings();
  return {
    ...around,
    title: proof?.rendered.subject ?? 'Nothing to see yet',
    trouble,
    papers: [option('papers', source.label)],
    days: source.days().map(day => option(`day-${day}`, longDay(day))),
    stored: stored.map(({ id, edition }) => option(`stored-${id}`, storedLabel(edition))),
    kinds: (['daily', 'weekly', 'manual'] as const).map(one => ({
      value: one,
      label: one === 'manual' ? 'everybody, by hand' : `${one} readers`,
      selected: one === (proof?.edition.kind ?? kind),
    })),
    fixed: what !== 'papers' && 'stored' in what,
    date: choice.date ?? proof?.edition.date ?? '',
    view,
    query: choiceQuery(choice),
    tabs: views.map(one => ({
      label: labels[one],
      href: `/${choiceQuery({ ...choice, view: one })}`,
      current: one === view,
    })),
    hint: hints[view],
    sandbox,
    proof: proof && viewProof(proof, view, sender.from.name ?? sender.from.address),
  };
}

function storedLabel({ kind, date, subject }: Edition): string {
  return `${date} ${kind}: ${subject}`;
}

function viewProof(proof: Proof, view: View, from: string) {
  const { edition, rendered, findings } = proof;
  return {
    date: longDay(edition.date),
    papers: `${rendered.picks} of ${edition.total} papers`,
    trimmed: rendered.trimmed,
    inbox: { from, subject: rendered.subject, snippet: snippetOf(readMail(proof.html), 300) },
    framed: view !== 'plain' && view !== 'source',
    text: view === 'plain' ? proof.text : null,
    headers: view === 'source' ? readHeaders(proof.source) : null,
    source: view === 'source' ? proof.source.replaceAll('\r', '') : null,
    size: viewSize(proof.html),
    ...viewFindings(findings),
  };
}

/** The bar's units: hundredths of what Gmail shows. */
function viewSize(html: string) {
  const bytes = Buffer.byteLength(html);
  const scale = 100 / Math.max(bytes, gmailClips);
  let from = 0;
  const parts = [...sizeParts(html)].map((part, at) => {
    const width = part.bytes * scale;
    const bar = { x: from.toFixed(2), width: width.toFixed(2), number: at + 1 };
    from += width;
    return { ...bar, name: part.name, size: kilobytes(part.bytes) };
  });
  return {
    whole: kilobytes(bytes),
    most: kilobytes(mostBytes),
    clip: kilobytes(gmailClips),
    budget: (mostBytes * scale).toFixed(2),
    parts,
  };
}

function viewFindings(findings: readonly Finding[]) {
  const { error, warning, note } = tally(findings);
  const count = (number: number, noun: string) =>
    number === 0 ? [] : [`${number} ${noun}${number === 1 ? '' : 's'}`];
  const of = (severity: Severity) =>
    findings
      .filter(one => one.severity === severity)
      .map(one => ({ ...one, ...linked(one.cure), word: words[severity] }));
  return {
    verdict: [...count(error, 'error'), ...count(warning, 'warning')].join(', ') || 'Nothing wrong',
    right: error + warning === 0,
    faults: [...of('error'), ...of('warning')],
    notes: of('note'),
    noteCount: count(note, 'note').join(''),
  };
}

const words: Readonly<Record<Severity, string>> = {
  error: 'Error',
  warning: 'Warning',
  note: 'Note',
};

/** A cure that ends in an address: that one as a link of its own. */
function linked(cure: string) {
  const [, words_ = cure, more = null] = /^(.*?)\s*(https:\/\/\S+)$/.exec(cure) ?? [];
  return { cure: words_, more };
}
