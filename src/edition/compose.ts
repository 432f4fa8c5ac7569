import type { Digest, Paper } from '../digest/digest.ts';
import { type Day, longDay } from '../lib/day.ts';
import { InputError } from '../lib/errors.ts';
import { clip, oneLine } from '../lib/text.ts';
import type { Edition, EditionKind, Pick } from './edition.ts';
import { summarise } from './summarise.ts';

const subjectChars = 78;
const givenChars = 200;
const preheaderChars = 110;
const introChars = 2_000;

/** What an edition is composed of. `name` is the newsletter's; `rest` is listed as "Also today". */
export type EditionParts = {
  readonly kind: EditionKind;
  readonly date: Day;
  readonly digest: Digest;
  /** At least one. */
  readonly picks: readonly Pick[];
  readonly rest: readonly Paper[];
  /** How many papers there are beside the digest's, those of earlier days. */
  readonly late?: number;
  readonly name: string;
  /** The editor's; made from the first picks where left out or blank. */
  readonly subject?: string | null | undefined;
  /** What an inbox shows after the subject. */
  readonly preheader?: string | null | undefined;
  readonly intro?: string | null | undefined;
};

/**
 * The edition of these picks. Throws an InputError for an intro over 2,000 characters, a subject or
 * preheader over 200.
 */
export function composeEdition(parts: EditionParts): Edition {
  const titles = parts.picks.map(pick => oneLine(pick.paper.title));
  const wanted = given('subject', parts.subject);
  const { subject, used } = wanted ? { subject: wanted, used: 0 } : makeSubject(titles);
  return {
    kind: parts.kind,
    date: parts.date,
    digestDate: parts.digest.date,
    curator: parts.digest.curator,
    total: parts.digest.papers.length + (parts.late ?? 0),
    subject,
    preheader: given('preheader', parts.preheader) || makePreheader(titles.slice(used), parts),
    intro: readIntro(parts.intro ?? ''),
    picks: parts.picks,
    also: parts.rest,
  };
}

/** The lead's title, with the second one where both fit; `used` says how many titles are in it. */
function makeSubject([lead = '', second]: readonly string[]): { subject: string; used: number } {
  const both = `${lead} · ${second}`;
  if (second && both.length <= subjectChars) return { subject: both, used: 2 };
  return { subject: clip(lead, subjectChars), used: 1 };
}

/** What an inbox shows after the subject: the next titles; the lead's summary where there are none. */
function makePreheader(titles: readonly string[], { picks, name, date }: EditionParts): string {
  const summary = () => oneLine(summarise(picks[0]?.paper.abstract ?? '', preheaderChars));
  const text = titles.join(' · ') || summary() || `${name}, ${longDay(date)}`;
  return clip(text, preheaderChars);
}

/** What the editor wrote as one line; empty where that is nothing. Throws an InputError. */
function given(what: 'subject' | 'preheader', text: string | null = ''): string {
  return refuseLonger(what, oneLine(text ?? ''), givenChars);
}

function readIntro(text: string): string | null {
  const lines = text.split(/\r\n?|\n/).map(oneLine);
  return refuseLonger('intro', lines.join('\n').trim(), introChars) || null;
}

function refuseLonger(what: string, text: string, most: number): string {
  if (text.length <= most) return text;
  const [is, may] = [text.length, most].map(count => count.toLocaleString('en'));
  throw new InputError(`the ${what} is ${is} characters long; at most ${may} fit, so shorten it`);
}
