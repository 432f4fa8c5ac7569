import { cleanText } from '../../lib/text.ts';
import { arxivId, isPaperPage, webUrl } from '../urls.ts';
import { type Line, readLinks } from './links.ts';
import { type Chrome, readChrome } from './page-chrome.ts';
import { endsSentence, looksLikeAbstract, type Text } from './texts.ts';

/** The pieces of the page around the papers that stand on one line. */
export type ChromeLine = {
  readonly kind: 'chrome';
  readonly pieces: readonly Chrome[];
  readonly urls: readonly string[];
};

export type Item = Text | ChromeLine;

/** The page chrome among `items`. */
export function piecesOf(items: readonly Item[]): readonly Chrome[] {
  return items.flatMap(item => (item.kind === 'chrome' ? item.pieces : []));
}

/** The paragraphs and the page chrome of a capture, in order, with the links of each. */
export function readItems(text: string): Item[] {
  const items: Item[] = [];
  let paragraph: Line[] = [];
  let level = 0;
  const flush = () => {
    if (paragraph.length > 0) items.push(...split(paragraph, level, items.at(-1)));
    paragraph = [];
    level = 0;
  };
  for (const line of readLinks(text)) {
    const mark = readMarks(line.text);
    if (mark.text === '') {
      flush();
    } else if (/^(?:={3,}|-{3,})$/.test(mark.text) && paragraph.length === 1 && level === 0) {
      level = mark.text.startsWith('=') ? 1 : 2;
      flush();
    } else if (goesOn(paragraph, line, mark, level)) {
      paragraph.push({ ...line, text: mark.plain });
    } else {
      const chrome = readChromeLine(line, mark.text);
      if (chrome || mark.level > 0 || level > 0) flush();
      if (chrome) {
        attach(items, chrome);
        continue;
      }
      const text = paragraph.length > 0 ? mark.plain : mark.text;
      paragraph.push(titleWithUrl({ ...line, text }));
      if (mark.level > 0) level = mark.level;
    }
  }
  flush();
  return items;
}

type Mark = {
  readonly text: string;
  /** The same with its bullet: within a paragraph that is a dash. */
  readonly plain: string;
  readonly level: number;
};

/** Takes off what Markdown and HTML put around a line: `### x`, `- x`, `**x**`, `<a id="x"></a>`. */
function readMarks(line: string): Mark {
  let text = line
    .replace(/^\s*(?:<a [^>]{0,200}>\s*<\/a>\s*)+/, '')
    .replace(/\\+\s*$/, '')
    .trim();
  const heading = /^(#{1,6})\s+(?=\S)/.exec(text);
  if (heading) text = text.slice(heading[0].length).replace(/\s+#+$/, '');
  const plain = text;
  text = text.replace(/^(?:[-*+•>‣◦]\s+)+(?=\S)/, '');
  const bold = /^(\*{1,3}|_{1,3})(?=\S)(.*\S)\1$/.exec(text);
  if (bold?.[2] && !bold[2].includes(bold[1] ?? '')) text = bold[2];
  return { text, plain, level: heading?.[1]?.length ?? 0 };
}

/** Whether a line belongs to the paragraph above it though it may look like page chrome. */
function goesOn(paragraph: readonly Line[], line: Line, mark: Mark, level: number): boolean {
  if (mark.level > 0) return false;
  const last = paragraph.at(-1);
  if (!last) return false;
  if (level > 0) return line.urls.some(url => last.urls.includes(url));
  if (line.urls.some(url => !paragraph[0]?.urls.includes(url))) return false;
  // A title that was wrapped may end in a word of the menus: Models, Datasets.
  if (paragraph.length === 1) {
    const wrapped = last.text.length >= 50 && !endsSentence(last.text);
    const isLabel = ({ kind }: Chrome) => kind === 'label' || kind === 'stars';
    return wrapped && (readChrome(mark.text)?.every(isLabel) ?? false);
  }
  // `Project page: https://…` as the last line of an abstract.
  if (endsSentence(last.text)) return bareUrls(mark.text)?.some(isPaperPage) === false;
  return !/^[-*•·]\s/.test(line.text.trim());
}

function readChromeLine({ urls }: Line, text: string): ChromeLine | null {
  const bare = bareUrls(text);
  if (bare) return { kind: 'chrome', pieces: [], urls: [...urls, ...bare] };
  const pieces = readChrome(text);
  return pieces && { kind: 'chrome', pieces, urls };
}

/** The URLs of a line that has nothing else on it but what they are (`Code: https://…`), or null. */
function bareUrls(text: string): string[] | null {
  if (text.length > 2000 || !/^\S{0,20}\d{4}|https?:\/\//i.test(text)) return null;
  const id = arxivId(text);
  if (id) return [`https://arxiv.org/abs/${id}`];
  const pieces = text.replace(/^\(?[A-Z][A-Za-z ]{1,20}:\s+/, '').split(/\s+(?:[|·]\s+)?/);
  const urls = pieces.map(piece => {
    const shown = piece.replace(/^[<(]+|[>)]+$/g, '');
    return /^https?:\/\//i.test(shown) ? webUrl(shown) : null;
  });
  return urls.every(url => url !== null) ? urls : null;
}

/** A URL on a line of its own belongs to what stands above it. */
function attach(items: Item[], chrome: ChromeLine): void {
  const last = items.at(-1);
  if (chrome.pieces.length === 0 && last) {
    items[items.length - 1] = { ...last, urls: [...last.urls, ...chrome.urls] };
  } else items.push(chrome);
}

/** `Title (https://…)`: the page of the paper is no part of its title. */
function titleWithUrl(line: Line): Line {
  const [, title, url] = titleThenUrl.exec(line.text.slice(0, 600)) ?? [];
  if (!title || !url || looksLikeAbstract(title)) return line;
  const page = webUrl(url);
  return page && isPaperPage(page) ? { ...line, text: title, urls: [...line.urls, page] } : line;
}

const titleThenUrl = /^(.*[^\s.:,]) [(<]?(https?:\/\/[^\s()<>]+)[)>]?$/;

/** Wide enough that nobody wrapped it: each such line is a paragraph by itself. */
const wide = 150;

/**
 * The paragraphs in lines that follow each other without a blank one. Mostly it is one; captures
 * without blank lines run titles and abstracts together.
 */
function split(lines: readonly Line[], level: number, before: Item | undefined): Text[] {
  const afterTitle = level === 0 && before?.kind === 'text' && !looksLikeAbstract(before.text);
  const groups: [Line, ...Line[]][] = [];
  for (const [at, line] of lines.entries()) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const next = lines[at + 1];
    const isAbstract = looksLikeAbstract(line.text);
    const startsAbstract =
      isAbstract &&
      line.text.length > wide &&
      group?.length === 1 &&
      !looksLikeAbstract(group[0].text);
    const startsTitle =
      !isAbstract &&
      last &&
      next &&
      last.text.length > wide &&
      (endsSentence(last.text) || next.text.length > wide);
    const first = groups.length === 1 && afterTitle;
    if (!group || startsTitle || (startsAbstract && !first)) groups.push([line]);
    else group.push(line);
  }
  return groups.map(group => ({
    kind: 'text',
    line: group[0].number,
    text: joinLines(group),
    level,
    urls: [...new Set(group.flatMap(line => line.urls))],
  }));
}

/**
 * The lines of one paragraph as one text. A word broken after its hyphen is put together
 * (`real-` `world`), unless the hyphen hangs (`pre-` `and post-training`).
 */
function joinLines(lines: readonly Line[]): string {
  const parts = lines.map(({ text }, at) => {
    const before = lines[at - 1]?.text ?? '';
    const broken = /[\p{L}\p{N}]-$/u.test(before) && /^(?!(?:and|or|to)\b)\p{Ll}/u.test(text);
    return before === '' || broken ? text : ` ${text}`;
  });
  return cleanText(parts.join(''));
}
