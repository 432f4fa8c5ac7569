import type { Preview } from '../../delivery/preview.ts';
import { longDay } from '../../lib/day.ts';
import { type Finding, type Severity, tally } from '../../mail/check/finding.ts';
import { readHeaders } from '../../mail/check/headers.ts';
import { gmailClips, kilobytes, sizeParts } from '../../mail/check/inbox.ts';
import { readMail, snippetOf } from '../../mail/check/read-mail.ts';
import { mostBytes } from '../../mail/render/budget.ts';
import { type Sandbox, sandboxes, type View, views } from './frames.ts';
import type { Shown } from './preview-session.ts';

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

/** A mail as it is looked at. */
export type ViewedMail = {
  /** The path that `mail` is below, with a slash at its end. */
  readonly base: string;
  /** What the query says beside the view: links keep it. */
  readonly query: Readonly<Record<string, string>>;
  readonly view: View;
  readonly sandbox: Sandbox;
  /** Who sends it, as inboxes name them. */
  readonly from: string;
};

/** Whether it is shown in a frame; else as text on the page. */
export const isFramed = (view: View) => view !== 'plain' && view !== 'source';

/** The mail in its frame, or as text, and the ways to look at it, for `desk/mail.hbs`. */
export function viewMail(
  { base, query, view, sandbox }: Omit<ViewedMail, 'from'>,
  shown: Shown | null,
) {
  const preview = shown?.preview ?? null;
  const queryOf = (view: View) => `?${new URLSearchParams({ ...query, view })}`;
  return {
    view,
    hint: hints[view],
    tabs: views.map(one => ({ label: labels[one], href: queryOf(one), current: one === view })),
    src: isFramed(view) ? `${base}mail${queryOf(view)}` : null,
    sandbox: sandboxes[sandbox],
    text: view === 'plain' ? (preview?.text ?? shown?.trouble?.what) : null,
    headers: view === 'source' && preview ? readHeaders(preview.source) : null,
    source: view === 'source' && preview ? preview.source.replaceAll('\r', '') : null,
  };
}

/** The page of an edition as its template sees it. */
export function viewPreview(viewed: ViewedMail, shown: Shown) {
  const { preview, trouble } = shown;
  return {
    title: `${trouble ? '⚠ ' : ''}${preview?.rendered.subject ?? 'Nothing to see yet'}`,
    trouble,
    mail: preview && viewMail(viewed, shown),
    preview: preview && viewContent(preview, viewed.from),
    test: `${viewed.base}test?${new URLSearchParams({ ...viewed.query, view: viewed.view })}`,
  };
}

function viewContent({ edition, rendered, html, findings }: Preview, from: string) {
  return {
    date: longDay(edition.date),
    papers: `${rendered.picks} of ${edition.total} papers`,
    trimmed: rendered.trimmed,
    inbox: { from, subject: rendered.subject, snippet: snippetOf(readMail(html), 300) },
    size: viewSize(html),
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

/** What stands before a finding; notes stand by themselves. */
const words: Readonly<Record<Severity, string | null>> = {
  error: 'Error',
  warning: 'Warning',
  note: null,
};

/** A cure that ends in an address: that one as a link of its own. */
function linked(cure: string) {
  const [, words_ = cure, more = null] = /^(.*?)\s*(https:\/\/\S+)$/.exec(cure) ?? [];
  return { cure: words_, more };
}
