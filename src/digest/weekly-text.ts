import { InputError } from '../lib/errors.ts';
import type { Paper } from './digest.ts';
import type { Format } from './format.ts';
import { makePaper, mergePapers } from './paper.ts';
import { arxivIdOfUrl, webUrl } from './urls.ts';

type Field = 'title' | 'pdf' | 'summary';
type Block = Partial<Record<Field, string>> & { readonly line: number };

/**
 * Papers as blocks of `Title:`, `PDF:` and `Summary:` with a line `---` below each, as the lists of a
 * week are kept. A title may go on in the next line. It says no day.
 */
export const weeklyText: Format = {
  name: 'Title, PDF and Summary, with --- between papers',
  recognises: text => /^\s*Title:.*\n/.test(text) && /^(?:PDF|Summary):/m.test(text),
  parse(text, { referenceDay, date = referenceDay, source }) {
    const papers = readBlocks(text).map(block => toPaper(block, source));
    return { date, curator: null, papers: mergePapers(papers), problems: [] };
  },
};

function readBlocks(text: string): Block[] {
  const blocks: (Block & Record<string, unknown>)[] = [];
  let field: Field | null = null;
  for (const [at, line] of text.split('\n').entries()) {
    const [, name, rest = ''] = /^(Title|PDF|Summary):\s*(.*)$/.exec(line) ?? [];
    const block = blocks.at(-1);
    if (/^-{3,}\s*$/.test(line)) field = null;
    else if (name) {
      field = name.toLowerCase() as Field;
      if (field === 'title' || !block) blocks.push({ line: at + 1, [field]: rest });
      else block[field] = rest;
    } else if (field && block) block[field] = `${block[field]} ${line.trim()}`;
  }
  return blocks;
}

function toPaper({ line, title, pdf, summary }: Block, source: string): Paper {
  const url = pdf ? webUrl(pdf) : null;
  const id = url && arxivIdOfUrl(url);
  const paper = makePaper({
    title: title ?? '',
    abstract: apart(summary ?? ''),
    arxivId: id,
    url: id ? `https://arxiv.org/abs/${id}` : url,
    pdfUrl: url,
  });
  const missing = paper.title === '' ? 'Title' : paper.abstract === '' ? 'Summary' : null;
  if (!missing) return paper;
  throw new InputError(
    `${source}:${line}: this paper has no ${missing}. Each is a Title, a PDF and a Summary.`,
  );
}

/**
 * These files had their line breaks removed without a space: `efficiency.Our codes`. Two sentences, or
 * two words at a comma, are set apart again; what may be an address or a name (`Node.js`) is left.
 */
function apart(text: string): string {
  return text.replace(/\S+/g, word =>
    /[/@:]|www\./.test(word)
      ? word
      : word
          .replace(/(?<=[\p{Ll}\d)]{2}[.!?])(?=\p{Lu}\p{Ll}*$)/gu, ' ')
          .replace(/(?<=\p{L}{3}[,;])(?=\p{L}{3})/gu, ' '),
  );
}
