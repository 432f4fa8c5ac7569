import type { Digest, Paper } from '../digest/digest.ts';
import { InputError } from '../lib/errors.ts';
import { oneLine } from '../lib/text.ts';
import type { Pick } from './edition.ts';

/** What an editor says of one paper. What is left out or blank stays as it is. */
export type PaperEdit = {
  readonly title?: string | undefined;
  readonly summary?: string | undefined;
  /** The editor's own words below the paper. */
  readonly note?: string | undefined;
};

/** What an editor changes of an edition. Papers are named by their `titleKey`. */
export type Edits = {
  readonly subject?: string | undefined;
  readonly preheader?: string | undefined;
  /** Markdown. */
  readonly intro?: string | undefined;
  /** All picks, in order; left out where the picker's choice stays. */
  readonly picks?: readonly string[] | undefined;
  readonly papers?: Readonly<Record<string, PaperEdit>> | undefined;
};

/** The picks, and what is listed below them. */
export type Choice = { readonly picks: readonly Pick[]; readonly rest: readonly Paper[] };

/** The most characters of what an editor writes of a paper. */
export const mostChars = { title: 300, summary: 1_000, note: 500 } as const;

/**
 * The picker's choice as the editor wants it. A paper keeps its identity, whatever its title is
 * corrected to, so that it counts as carried. Throws an InputError where a paper is named that is
 * not there, none is left, or a text is too long.
 */
export function applyEdits(digest: Digest, chosen: Choice, { picks, papers = {} }: Edits): Choice {
  const order = picks ? findAll(picks, digest, chosen) : chosen.picks.map(({ paper }) => paper);
  const taken = new Set(order.map(({ titleKey }) => titleKey));
  const others = [...chosen.picks.map(({ paper }) => paper), ...chosen.rest];
  const edited = (paper: Paper) => correct(paper, papers[paper.titleKey] ?? {});
  return {
    picks: order.map((paper, at) => ({
      position: at + 1,
      paper: edited(paper),
      ...words(paper, papers[paper.titleKey] ?? {}),
    })),
    rest: others.filter(({ titleKey }) => !taken.has(titleKey)).map(edited),
  };
}

function findAll(keys: readonly string[], digest: Digest, { picks, rest }: Choice): Paper[] {
  const all = [...picks.map(({ paper }) => paper), ...rest, ...digest.papers];
  const known = new Map(all.map(paper => [paper.titleKey, paper]));
  if (keys.length === 0) throw new InputError('no paper is picked; pick at least one');
  return [...new Set(keys)].map(key => {
    const paper = known.get(key);
    if (!paper) throw new InputError('a paper was picked that is not in the digest');
    return paper;
  });
}

function correct(paper: Paper, { title }: PaperEdit): Paper {
  const given = read('title', title);
  return given ? { ...paper, title: given } : paper;
}

/** What stands beside the paper in the edition; nothing where nothing was said. */
function words({ title }: Paper, edit: PaperEdit): Partial<Pick> {
  const [summary, note] = (['summary', 'note'] as const).map(what => read(what, edit[what], title));
  return { ...(summary ? { summary } : {}), ...(note ? { note } : {}) };
}

function read(what: keyof PaperEdit, text: string | undefined, of = ''): string {
  const line = oneLine(text ?? '');
  if (line.length <= mostChars[what]) return line;
  const whose = of ? ` of “${of.slice(0, 60)}”` : '';
  throw new InputError(
    `the ${what}${whose} is ${line.length} characters long; at most ${mostChars[what]} fit`,
  );
}

/** Edits as they are typed on a command line: papers by arXiv id or by number in the digest, from 1. */
export type EditOptions = Omit<Edits, 'picks' | 'papers'> & {
  /** These first, in this order. */
  readonly pick?: readonly string[] | undefined;
  /** Not these. */
  readonly drop?: readonly string[] | undefined;
  /** `ID=TEXT` each. */
  readonly note?: readonly string[] | undefined;
  readonly title?: readonly string[] | undefined;
  readonly summary?: readonly string[] | undefined;
};

/**
 * The edits that these options come to: what is named goes first, what is dropped stays below, and
 * the picker's choice fills up to `count`. Throws an InputError for a name that no paper has.
 */
export function readEditOptions(
  options: EditOptions,
  digest: Digest,
  chosen: Choice,
  count: number,
): Edits {
  const { pick = [], drop = [], subject, preheader, intro } = options;
  const find = (id: string) => findPaper(id, digest).titleKey;
  const [first, without] = [pick.map(find), new Set(drop.map(find))];
  const ranked = [...chosen.picks.map(({ paper }) => paper), ...chosen.rest];
  const others = ranked.map(({ titleKey }) => titleKey).filter(key => !without.has(key));
  const most = Math.max(count, first.length);
  const picks = [...new Set([...first, ...others])].slice(0, most);
  return {
    subject,
    preheader,
    intro,
    papers: readTexts(options, find),
    ...(pick.length + drop.length > 0 ? { picks } : {}),
  };
}

function readTexts(options: EditOptions, find: (id: string) => string): Record<string, PaperEdit> {
  const papers: Record<string, PaperEdit> = {};
  for (const what of ['title', 'summary', 'note'] as const) {
    for (const text of options[what] ?? []) {
      const [, id, words] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
      if (id === undefined || words === undefined) {
        throw new InputError(`--${what} ${text}: write it as ID=TEXT, such as 3="Read this"`);
      }
      const key = find(id);
      papers[key] = { ...papers[key], [what]: words };
    }
  }
  return papers;
}

/** The paper with this arXiv id (a version is ignored) or number. Throws an InputError. */
function findPaper(id: string, { papers }: Digest): Paper {
  const text = id.trim().replace(/^arxiv:/i, '');
  const byNumber = /^\d{1,4}$/.test(text) ? papers[Number(text) - 1] : undefined;
  const arxivId = text.replace(/v\d+$/, '');
  const found = byNumber ?? papers.find(paper => paper.arxivId === arxivId);
  if (found) return found;
  throw new InputError(
    `there is no paper ${id}: give its arXiv id, or its number from 1 to ${papers.length} (paperround digest shows them)`,
  );
}
