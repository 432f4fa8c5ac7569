import { arxivId, webUrl } from '../urls.ts';
import { type Furniture, readFurniture } from './furniture.ts';
import { type Line, readLinks } from './links.ts';
import { isPaperPage } from './paper-links.ts';
import { endsSentence, joinLines, looksLikeAbstract } from './shape.ts';

/** A paragraph: a title, an abstract, or words of the page that nobody told us about. */
export type Text = {
  readonly kind: 'text';
  readonly line: number;
  readonly text: string;
  /** 1–6 where it is marked as a heading, else 0. */
  readonly level: number;
  readonly urls: readonly string[];
};

/** The pieces of the page around the papers that stand on one line. */
export type Around = {
  readonly kind: 'around';
  readonly line: number;
  readonly pieces: readonly Furniture[];
  readonly urls: readonly string[];
};

export type Item = Text | Around;

/** The paragraphs and the furniture of a capture, in order, with the links of each. */
export function readItems(text: string): Item[] {
  const items: Item[] = [];
  let paragraph: Line[] = [];
  let level = 0;
  const flush = () => {
    const [first] = paragraph;
    if (first) items.push(...split(paragraph, level, items.at(-1)));
    paragraph = [];
    level = 0;
  };
  for (const line of readLinks(text)) {
    const mark = readMarks(line.text);
    const last = paragraph.at(-1);
    if (mark.text === '') {
      flush();
    } else if (/^(?:={3,}|-{3,})$/.test(mark.text) && paragraph.length === 1 && level === 0) {
      level = mark.text.startsWith('=') ? 1 : 2;
      flush();
    } else if (last && goesOn(paragraph, line, mark, level)) {
      paragraph.push({ ...line, text: mark.plain });
    } else {
      const around = readAround(line, mark.text);
      if (around || mark.level > 0 || level > 0) flush();
      if (around) attach(items, around);
      else
        paragraph.push(
          titleWithUrl({ ...line, text: paragraph.length > 0 ? mark.plain : mark.text }),
        );
      if (!around && mark.level > 0) level = mark.level;
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

/** Whether a line belongs to the paragraph above it though it may look like furniture. */
function goesOn(paragraph: readonly Line[], line: Line, mark: Mark, level: number): boolean {
  if (mark.level > 0) return false;
  const last = paragraph.at(-1);
  if (!last) return false;
  if (level > 0) return line.urls.some(url => last.urls.includes(url));
  if (line.urls.some(url => !paragraph[0]?.urls.includes(url))) return false;
  // A title that was wrapped may end in a word of the menus: Models, Datasets.
  if (paragraph.length === 1) {
    return last.text.length >= 50 && !endsSentence(last.text) && isLabel(mark.text);
  }
  if (endsSentence(last.text)) return endsInUrl(mark.text);
  return !/^[-*•·]\s/.test(line.text.trim());
}

/** `Project page: https://…` as the last line of an abstract. */
function endsInUrl(text: string): boolean {
  const urls = bareUrls(text);
  return urls !== null && !urls.some(isPaperPage);
}

function isLabel(text: string): boolean {
  return readFurniture(text)?.every(({ kind }) => kind === 'label' || kind === 'stars') ?? false;
}

function readAround(line: Line, text: string): Around | null {
  const bare = bareUrls(text);
  if (bare) return { kind: 'around', line: line.number, pieces: [], urls: [...line.urls, ...bare] };
  const pieces = readFurniture(text);
  return pieces && { kind: 'around', line: line.number, pieces, urls: line.urls };
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
function attach(items: Item[], around: Around): void {
  const last = items.at(-1);
  if (around.pieces.length === 0 && last) {
    items[items.length - 1] = { ...last, urls: [...last.urls, ...around.urls] };
  } else items.push(around);
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
  const afterTitle = before?.kind === 'text' && !looksLikeAbstract(before.text);
  const groups: Line[][] = [];
  for (const [at, line] of lines.entries()) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const next = lines[at + 1];
    const startsAbstract =
      line.text.length > wide &&
      looksLikeAbstract(line.text) &&
      group?.length === 1 &&
      last &&
      !looksLikeAbstract(last.text);
    const startsTitle =
      next !== undefined &&
      last !== undefined &&
      last.text.length > wide &&
      (endsSentence(last.text) || next.text.length > wide) &&
      !looksLikeAbstract(line.text);
    const first = groups.length === 1 && afterTitle && level === 0;
    if (!group || startsTitle || (startsAbstract && !first)) groups.push([line]);
    else group.push(line);
  }
  return groups.map(group => ({
    kind: 'text',
    line: group[0]?.number ?? 0,
    text: joinLines(group.map(line => line.text)),
    level,
    urls: [...new Set(group.flatMap(line => line.urls))],
  }));
}
