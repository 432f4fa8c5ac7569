import { createHmac } from 'node:crypto';
import { messageOf } from '../lib/errors.ts';
import { type Loop, startLoop, tryAgain } from '../lib/loop.ts';
import { type NoticePurpose, noticeLinks } from '../lib/notice.ts';
import type { Runtime } from '../lib/runtime.ts';
import { fillSigned } from '../mail/message/dkim.ts';
import { UnsafeValueError } from '../mail/message/fill.ts';
import { buildNoticeTemplate } from '../mail/message/wire-template.ts';
import type { RenderedNotice } from '../mail/render/notices.ts';
import { makeToken } from '../readers/token.ts';
import type { Database } from '../store/database.ts';
import type { Outcome } from '../store/deliveries.ts';
import {
  claimNotice,
  type NoticeClaim,
  nextNoticeAt,
  pullBackNotices,
  recordNotice,
} from '../store/notices.ts';
import { type Filled, type LaneParts, runLane } from './lane.ts';
import { type Ledger, writePatiently } from './ledger.ts';
import { expired } from './outcome.ts';
import type { Publishing } from './publish.ts';
import { wordsOf } from './reply.ts';

/** What the sending of notices works with. */
export type NoticeParts = Pick<
  LaneParts<NoticeClaim>,
  'runtime' | 'connect' | 'from' | 'gate' | 'signal'
> & {
  readonly db: Database;
  readonly workerId: string;
  readonly make: MakeNotice;
};

const minute = 60_000;
/** A link in a mail that comes a day late is of no use. */
const worthFor = 24 * 60 * minute;
/** How long to wait where the server refuses us, and where there is no connection; in ms. */
const afterRefusal = 5 * minute;
const afterNoConnection = 15_000;

const expiresAt = ({ createdAt }: NoticeClaim) => createdAt + worthFor;

/**
 * Sends all notices that are due, by a lane of their own, so that no edition keeps them waiting.
 * @returns how long to rest before it is worth another try, in ms; 0 where nothing is due.
 */
export async function sendNotices(parts: NoticeParts): Promise<number> {
  const { db, runtime } = parts;
  await pullBackNotices(db, runtime.now());
  const dueAt = await nextNoticeAt(db);
  if (dueAt === null || dueAt > runtime.now()) return 0;
  const refused = new AbortController();
  const end = await runLane({
    ...parts,
    ledger: noticeLedger(parts, refused.signal),
    fill: claim => makeSafely(claim, parts),
    expiresAt,
    signal: AbortSignal.any([parts.signal, refused.signal]),
    onResult: (result, verdict) => {
      if (verdict.do !== 'pause' && verdict.do !== 'wait') return;
      runtime.log.error({ reply: wordsOf(result) }, 'the server refuses our notices');
      // Another would be refused as well.
      refused.abort();
    },
  });
  if (refused.signal.aborted) return afterRefusal;
  if (end?.why !== 'connection') return end?.waitMs ?? 0;
  runtime.log.warn({ reason: wordsOf(end.failure) }, 'no connection for notices');
  return afterNoConnection;
}

/** Claims and records one notice at a time; once `refused`, what is recorded waits. */
function noticeLedger(
  { db, runtime, workerId }: NoticeParts,
  refused: AbortSignal,
): Ledger<NoticeClaim> {
  const settle = (outcome: Outcome<NoticeClaim>) => {
    const notBefore = refused.aborted ? runtime.now() + afterRefusal : 0;
    const dueAt = Math.max(outcome.dueAt, notBefore);
    return writePatiently(runtime, () => recordNotice(db, workerId, { ...outcome, dueAt }));
  };
  return {
    settle,
    async exchange(outcome) {
      if (outcome) await settle(outcome);
      for (;;) {
        const claim = await claimNotice(db, workerId, runtime.now());
        if (!claim || runtime.now() <= expiresAt(claim)) return claim;
        await settle(expired(claim, { now: runtime.now() }));
      }
    },
  };
}

async function makeSafely(claim: NoticeClaim, { make, runtime }: NoticeParts): Promise<Filled> {
  try {
    return await make(claim);
  } catch (error) {
    const { id, purpose } = claim;
    runtime.log.error({ notice: id, purpose, error: messageOf(error) }, 'a notice cannot be made');
    // Only this one, or all: a template that will be mended, a process that was ended.
    return error instanceof UnsafeValueError ? 'never' : 'later';
  }
}

/** How often it is looked whether a notice is due that nobody announced, in ms. */
const idle = 1_000;

type NoticeWork = {
  readonly runtime: Runtime;
  /** Queues what is to be told. */
  readonly prepare: () => Promise<unknown>;
  /** Sends what is due, and says how long to rest. */
  readonly send: () => Promise<number>;
};

/**
 * Starts the loop that sends notices until `signal` is aborted. It never throws: what goes wrong is
 * logged and tried again. A server that is down is asked no sooner because something is new.
 */
export function serveNotices({ runtime, prepare, send }: NoticeWork, signal: AbortSignal): Loop {
  let tried = { at: 0, rest: 0 };
  const round = async () => {
    await prepare();
    const ago = runtime.now() - tried.at;
    // Not below 0, or the clock was set back.
    if (ago < 0 || ago >= tried.rest) {
      const rest = await send();
      tried = { at: runtime.now(), rest };
    }
    return idle;
  };
  return startLoop(round, { signal, onFailure: tryAgain(runtime.log, 'notices', 15_000) });
}

/** Makes the mail of a notice, as segments of the wire form. */
export type MakeNotice = (claim: NoticeClaim) => Promise<Buffer[]>;

/** Makes notices; those that are the same for everybody are rendered once, when the first is due. */
export function createNoticeMaker(publishing: Publishing): MakeNotice {
  const { renderer, masthead, sender, dkim, linkKey, runtime } = publishing;
  const rendered = new Map<NoticePurpose, Promise<RenderedNotice>>();
  const render = ({ purpose, about }: NoticeClaim): Promise<RenderedNotice> => {
    // Those about a day name no edition.
    if (about) return renderer.renderNotice(purpose, masthead, { edition: '', ...about });
    const known = rendered.get(purpose);
    if (known) return known;
    const fresh = renderer.renderNotice(purpose, masthead);
    rendered.set(purpose, fresh);
    // A template that was mended is tried again.
    fresh.catch(() => rendered.delete(purpose));
    return fresh;
  };
  return async claim => {
    const { subject, html, text, mark } = await render(claim);
    const { address, createdAt } = claim;
    const link = noticeLinks[claim.purpose];
    const fill = (words: string) =>
      link ? words.replaceAll(mark, makeToken(linkKey, link, ...numbersOf(claim))) : words;
    const content = { subject, html: fill(html), text: fill(text) };
    const wire = buildNoticeTemplate(content, sender, {
      sendAt: createdAt,
      id: messageId(linkKey.key, claim),
    });
    return fillSigned(
      wire,
      { address, reader: '', unsubscribe: '', preferences: '' },
      dkim,
      runtime.now,
    );
  };
}

/** What the token in a notice says beside its purpose. */
function numbersOf({ purpose, id, changeId, subscriberId, tokenCounter }: NoticeClaim) {
  if (changeId !== null) return [changeId, 0] as const;
  return [purpose === 'manage' ? id : subscriberId, tokenCounter] as const;
}

/** The same at each try, and nobody can tell from one what the next will be. */
function messageId(key: Buffer, { id, createdAt }: NoticeClaim): string {
  const hash = createHmac('sha256', key).update(`notice ${id} ${createdAt}`).digest('hex');
  return `${hash.slice(0, 20)}.n${id}`;
}
