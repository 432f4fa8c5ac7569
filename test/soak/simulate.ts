import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';
import { paperHistory } from '../../src/delivery/candidates.ts';
import { prepare } from '../../src/delivery/prepare.ts';
import { publish } from '../../src/delivery/publish.ts';
import type { Digest, Paper } from '../../src/digest/digest.ts';
import { EmptyDigestError } from '../../src/digest/digest.ts';
import { parseDigest } from '../../src/digest/parse.ts';
import { paperIndex } from '../../src/edition/paper-history.ts';
import { addDays, type Day } from '../../src/lib/day.ts';
import { InputError } from '../../src/lib/errors.ts';
import { createRuntime, type Runtime } from '../../src/lib/runtime.ts';
import { createRenderer } from '../../src/mail/render/renderer.ts';
import { refreshRecent } from '../../src/sources/daily.ts';

export type SimulationOptions = {
  /** The answers of the source, in the order of their days. */
  readonly lists: readonly { readonly day: Day; readonly bytes: Uint8Array }[];
  /** Where the database goes. */
  readonly folder: string;
  readonly templates: string;
  /** Which share of each list comes only after the morning, 0–1. */
  readonly late: number;
  readonly seed: string;
};

/** What the time came to; counts are papers, but for the first five. */
export type Simulation = {
  days: number;
  dailies: number;
  weeklies: number;
  failed: number;
  mostHtmlBytes: number;
  /** All that the source ever listed and that can be read. */
  readable: number;
  picked: number;
  /** Of those, how many came too late for their own day's edition. */
  pickedLate: number;
  listed: number;
  dropped: number;
  /** Came late on a list that was not looked at again: there was no other for a week. */
  unseen: string[];
  /** Read, and in no edition, and not recorded as dropped: there must be none. */
  lost: string[];
  /** Carried by two dailies or two weeklies: there must be none. */
  repeats: string[];
};

/**
 * Lives through the days of `lists` with the real program, database and renderer: each morning at
 * eight the day's edition is published from what the list then holds; by the next morning it has
 * grown. On Mondays a weekly edition is made.
 */
export async function simulate(options: SimulationOptions): Promise<Simulation> {
  const { lists, folder, templates } = options;
  const clock = { time: 0 };
  const runtime: Runtime = { ...createRuntime('silent'), now: () => clock.time };
  const config = loadConfig(
    {
      SMTP_URL: 'smtp://127.0.0.1:1',
      MAIL_FROM: 'papers@example.org',
      POSTAL_ADDRESS: '1 Main Street, Springfield',
      PUBLIC_URL: 'https://news.example.org',
      DATABASE_URL: `sqlite:${join(folder, 'soak.db')}`,
      TIMEZONE: 'UTC',
    },
    folder,
  );
  const app = await createApp(config, { runtime, renderer: createRenderer({ templates }) });
  const source = makeSource(options);
  const result: Simulation = {
    ...{ days: 0, dailies: 0, weeklies: 0, failed: 0, mostHtmlBytes: 0, readable: 0 },
    ...{ picked: 0, pickedLate: 0, listed: 0, dropped: 0, unseen: [], lost: [], repeats: [] },
  };
  const carried = { daily: paperIndex<Day>(), weekly: paperIndex<Day>() };

  async function edition(kind: 'daily' | 'weekly', date: Day, digest: Digest): Promise<boolean> {
    const prepared = await prepare(app.publishing, { kind, date, digest, papers: 10 });
    if (prepared.edition === null) return false;
    await publish(app.publishing, prepared, 'readers');
    result.mostHtmlBytes = Math.max(
      result.mostHtmlBytes,
      Buffer.byteLength(prepared.rendered.html),
    );
    for (const { paper } of prepared.edition.picks) {
      if (carried[kind].has(paper)) result.repeats.push(`${kind} ${date}: ${paper.title}`);
      carried[kind].add(paper, date);
    }
    return true;
  }

  async function morning(date: Day): Promise<void> {
    clock.time = Date.parse(`${date}T08:00:00Z`);
    result.days += 1;
    const digest = await source.load(date, date).catch(ifExpected);
    if (digest === 'failed') result.failed += 1;
    if (typeof digest === 'string') return;
    await refreshRecent(app, date, day => source.load(day, date));
    if (await edition('daily', date, digest)) result.dailies += 1;
    if (new Date(`${date}T00:00:00Z`).getUTCDay() === 1) {
      if (await edition('weekly', date, digest)) result.weeklies += 1;
    }
  }

  async function settle(day: Day, today: Day): Promise<void> {
    const past = (await paperHistory(app.publishing.memory, today)).filter(one => one.day === day);
    const known = paperIndex(past.map(({ paper, history }) => [paper, history] as const));
    for (const paper of source.all(day)) {
      result.readable += 1;
      const history = known.get(paper);
      if (!history && !source.wasShown(paper)) result.unseen.push(`${day}: ${paper.title}`);
      else if (!history || history.outcome === 'waiting')
        result.lost.push(`${day}: ${paper.title}`);
      else result[history.outcome] += 1;
      if (history?.outcome === 'picked' && history.on > day) result.pickedLate += 1;
    }
  }

  try {
    const last = addDays(lists.at(-1)?.day ?? '', 10);
    for (let date = lists[0]?.day ?? last; date <= last; date = addDays(date, 1)) {
      await morning(date);
      await settle(addDays(date, -8), date);
    }
    return result;
  } finally {
    await app.close();
  }
}

function ifExpected(error: unknown): 'empty' | 'failed' {
  if (error instanceof EmptyDigestError) return 'empty';
  if (error instanceof InputError) return 'failed';
  throw error;
}

/** A source whose lists grow after their own morning. */
function makeSource({ lists, late, seed }: SimulationOptions) {
  const answers = new Map(lists.map(({ day, bytes }) => [day, bytes]));
  const read = new Map<Day, Digest>();
  const shown = paperIndex<true>();
  const whole = (day: Day): Digest => {
    const bytes = answers.get(day);
    if (!bytes) throw new EmptyDigestError(`${day}: it lists no papers.`);
    const digest = read.get(day) ?? parseDigest(bytes, { source: day, referenceDay: day });
    read.set(day, digest);
    return digest;
  };
  const isLate = ({ titleKey }: Paper) => {
    const hash = createHash('sha256').update(`${seed} ${titleKey}`).digest();
    return hash.readUInt32BE() / 2 ** 32 < late;
  };
  return {
    /** The list of `day` as it is on the morning of `today`. */
    async load(day: Day, today: Day): Promise<Digest> {
      const digest = whole(day);
      const papers = digest.papers.filter(paper => day < today || !isLate(paper));
      if (papers.length === 0) throw new EmptyDigestError(`${day}: it lists no papers yet.`);
      for (const paper of papers) shown.add(paper, true);
      return { ...digest, papers };
    },
    /** All that can be read of `day`'s list. */
    all(day: Day): readonly Paper[] {
      try {
        return whole(day).papers;
      } catch (error) {
        ifExpected(error);
        return [];
      }
    },
    wasShown: (paper: Paper) => shown.has(paper),
  };
}
