import { join } from 'node:path';
import { type NoticeAbout, type NoticePurpose, noticeLinks } from '../../lib/notice.ts';
import { clip, oneLine } from '../../lib/text.ts';
import { faultOfLinks, readHtml } from './faults.ts';
import { templateToHtml } from './mjml.ts';
import { type Masthead, type Rendered, tokenMark } from './rendered.ts';
import { type Template, TemplateError } from './templates.ts';

/**
 * A mail to one person that is no edition, the same for everybody but for the token in its link:
 * `mark` stands for it, and is as long, 42 ASCII characters; empty where it has no link. Nothing
 * in it was typed by a visitor.
 */
export type RenderedNotice = Pick<Rendered, 'subject' | 'preheader' | 'html' | 'text'> & {
  readonly mark: string;
};

const htmlFile = 'mail/notice.mjml.hbs';
const textFile = 'mail/notice.txt.hbs';

/** The notice for `purpose`, with the templates of `folder`. Throws a TemplateError. */
export async function renderNotice(
  folder: string,
  template: (file: string) => Template,
  purpose: NoticePurpose,
  { name, postalAddress, links }: Masthead,
  about: NoticeAbout = {},
): Promise<RenderedNotice> {
  const base = links.style === 'web' ? links.base : null;
  const host = base && new URL(base).host;
  const place = noticeLinks[purpose];
  if (place && !base) throw new Error('a notice needs a site that its link leads to');
  const wordsFile = `mail/${about.words ?? purpose}.txt.hbs`;
  const filled = template(wordsFile)({ ...linesOf(about), name, host });
  const words = readWords(join(folder, wordsFile), filled, place !== null);

  const mark = place ? tokenMark('token', [purpose, name, postalAddress, base]) : '';
  const href = place && `${base}/${place}/${mark}`;
  const view = { ...words, name, host, postalAddress, home: base && `${base}/`, href };
  const source = template(htmlFile)(view);
  const html = await templateToHtml(folder, htmlFile, source, view);
  const fault = faultOfLinks(readHtml(html), source);
  if (fault) throw new TemplateError({ file: join(folder, htmlFile) }, fault);
  const text = template(textFile)(view);
  const { subject, preheader } = words;
  return { subject, preheader, html, text, mark };
}

const longestLine = 1_000;

/** Each on one line, so that none of it can pass for a line of the template. */
function linesOf(about: NoticeAbout): NoticeAbout {
  const entries = Object.entries(about);
  return Object.fromEntries(entries.map(([key, text]) => [key, clip(oneLine(text), longestLine)]));
}

/**
 * Reads what a template of words was filled in to: `Subject:` and `Preheader:`, then paragraphs,
 * of which the one that begins with `>` is the link.
 */
function readWords(file: string, text: string, linked: boolean) {
  const [head = '', ...paragraphs] = text
    .trim()
    .split(/\n\s*\n/)
    .map(paragraph => paragraph.trim());
  const subject = /^Subject: (.+)$/m.exec(head)?.[1];
  const preheader = /^Preheader: (.+)$/m.exec(head)?.[1];
  const at = linked ? paragraphs.findIndex(one => one.startsWith('>')) : paragraphs.length;
  const action = paragraphs[at]?.slice(1).trim() || null;
  if (!subject || !preheader || (linked && !action)) {
    const wanted = '“Subject: …”, “Preheader: …”, and a paragraph “> …” that is the link';
    throw new TemplateError({ file }, `needs ${wanted}`);
  }
  const [before, after] = [paragraphs.slice(0, at), paragraphs.slice(at + 1)];
  return { subject, preheader, before, action, after };
}
