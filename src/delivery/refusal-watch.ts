import type { DeliveryClaim, Outcome } from '../store/deliveries.ts';
import { holdMs, type Verdict } from './policy.ts';
import { doubtOf, isAlike, type Likeness, likenessOf } from './refusals.ts';
import type { Reply, SendResult } from './reply.ts';

/** From this many domains (policy), or this many times (limit) on, a refusal is taken to be about us. */
const several = 3;
/** How many replies are looked back at for that. */
const windowSize = 100;
/** This many equal refusals in a row, plus one for each lane, mean that the server refuses us. */
const longRow = 10;
/** At the end of a run fewer are enough, if they come from several domains. */
const shortRow = 5;

/**
 * What a refusal says beyond its own reader: it is us, or the server names a limit. Where that comes
 * of one domain alone, it holds only if the edition has readers of no other; else a domain that
 * refuses us by policy is held back.
 */
export type RefusalFinding = {
  readonly why: 'refused' | 'limit';
  readonly reply: Reply;
  readonly domains: readonly string[];
  readonly byPolicy: boolean;
};

/** Nearly the same refusals in a row, which nothing accepted has interrupted as far as it is known. */
export type Row = {
  readonly count: number;
  readonly domains: readonly string[];
  readonly reply: Reply;
};

/** Whether a row at the end of a run is about us; `edition`: what else is known of it then. */
export function isAboutUs(
  { count, domains }: Row,
  edition: { readonly everSent: boolean; readonly oneDomain: boolean },
): boolean {
  if (domains.length === 1) return edition.oneDomain && count >= longRow;
  if (!edition.everSent) return count >= several;
  return count >= (domains.length >= several ? shortRow : longRow);
}

type Doubt = {
  readonly domain: string;
  readonly likeness: Likeness;
  readonly reply: Reply;
  readonly byPolicy: boolean;
  /** How many replies there were when its message was begun, and when it was refused. */
  readonly begun: number;
  readonly seen: number;
};

/** Watches whether it is us that servers refuse, though each refusal looks like one reader's. */
export type RefusalWatch = {
  /** A message is begun. */
  began(claim: DeliveryClaim): void;
  /** What came of it, in the order of the replies. */
  see(claim: DeliveryClaim, result: SendResult, verdict: Verdict): RefusalFinding | null;
  /**
   * Takes outcomes, and gives those that are decided. A refusal that may be our fault counts as failed
   * only after a message that was begun later was accepted; a kill before that loses nothing, since
   * the delivery stays claimed.
   */
  decide(outcomes: readonly Outcome[]): readonly Outcome[];
  /** What is undecided still: it has failed where it is not about us. */
  undecided(): readonly Outcome[];
  /**
   * The longest row as it is now; null if none is long enough to say anything. Refusals by domains
   * that were held back before count only if `all` is true.
   */
  row(all: boolean): Row | null;
};

/** What is known as a run begins. */
export type Before = {
  readonly lanes: number;
  /** How readers who wait were refused when they were tried before, by subscriber. */
  readonly refused: ReadonlyMap<number, Likeness>;
  /** The domains that were held back. */
  readonly held: ReadonlySet<string>;
};

/** A watch over one run; pure but for its own state. */
export function createRefusalWatch({ lanes, refused, held }: Before): RefusalWatch {
  const begun = new Map<number, number>();
  const doubts = new Map<number, Doubt>();
  const withheld = new Map<number, Outcome>();
  const heldNow = new Set<string>();
  const asked = new Set<string>();
  let replies = 0;
  /** When that message was begun which was accepted and begun last. */
  let acceptedBegun = -1;
  let limited: string[] = [];
  let limitSeen = -1;
  let [rows, newRows] = [createRows(), createRows()];

  const addToRows = (doubt: Doubt) => {
    rows.add(doubt);
    if (!doubt.byPolicy || !held.has(doubt.domain)) newRows.add(doubt);
  };

  const accept = (domain: string, at: number) => {
    acceptedBegun = Math.max(acceptedBegun, at);
    if (at >= limitSeen) limited = [];
    for (const [id, doubt] of doubts) {
      // Another domain's policy says nothing of this one's.
      if (doubt.seen <= at && (!doubt.byPolicy || doubt.domain === domain)) doubts.delete(id);
    }
    [rows, newRows] = [createRows(), createRows()];
    for (const doubt of doubts.values()) if (doubt.begun > acceptedBegun) addToRows(doubt);
  };

  /** A finding, but of one domain alone only once. */
  const find = (finding: RefusalFinding): RefusalFinding | null => {
    const [domain = '', ...others] = finding.domains;
    if (others.length > 0) return finding;
    const question = `${finding.why} ${domain}`;
    if (asked.has(question)) return null;
    asked.add(question);
    return finding;
  };

  const findByPolicy = ({ domain, reply }: Doubt, sure: boolean): RefusalFinding | null => {
    if (heldNow.has(domain)) return null;
    const all = [...doubts.values()].filter(({ byPolicy }) => byPolicy);
    const late = all.filter(({ seen, domain }) => seen > replies - windowSize && !held.has(domain));
    const domains = domainsOf(late);
    if (domains.length >= several) return { why: 'refused', reply, domains, byPolicy: true };
    const often = all.filter(doubt => doubt.domain === domain).length >= several;
    if (!sure && !often && !held.has(domain)) return null;
    heldNow.add(domain);
    return { why: 'refused', reply, domains: [domain], byPolicy: true };
  };

  const findInRow = (doubt: Doubt): RefusalFinding | null => {
    const { count, domains } = newRows.of(doubt) ?? { count: 0, domains: [] };
    if (count < longRow + lanes) return null;
    return find({ why: 'refused', reply: doubt.reply, domains, byPolicy: false });
  };

  return {
    began: ({ subscriberId }) => void begun.set(subscriberId, replies),
    see(claim, result, verdict) {
      const { subscriberId, address } = claim;
      const at = begun.get(subscriberId) ?? replies;
      const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
      replies += 1;
      if (result.kind === 'accepted') accept(domain, at);
      if (result.kind !== 'refused') return null;
      const { stage, reply } = result;
      if (verdict.do === 'wait') {
        limited.push(domain);
        limitSeen = replies;
        if (limited.length < several) return null;
        return find({ why: 'limit', reply, domains: [...new Set(limited)], byPolicy: false });
      }
      const kind = doubtOf(result, verdict);
      if (kind === null) return null;
      const likeness = likenessOf(reply, stage, address);
      const earlier = refused.get(subscriberId);
      // As before, though others were accepted since: it was about this reader after all.
      if (kind === 'other' && earlier && isAlike(earlier, likeness) && acceptedBegun >= 0) {
        return null;
      }
      const byPolicy = kind === 'policy';
      const doubt = { domain, likeness, reply, byPolicy, begun: at, seen: replies };
      doubts.set(subscriberId, doubt);
      if (at > acceptedBegun) addToRows(doubt);
      return (byPolicy && findByPolicy(doubt, verdict.do === 'hold')) || findInRow(doubt);
    },
    decide(outcomes) {
      for (const outcome of outcomes) withheld.set(outcome.claim.subscriberId, outcome);
      const decided: Outcome[] = [];
      for (const [id, outcome] of withheld) {
        const doubt = doubts.get(id);
        const waits = doubt?.byPolicy && heldNow.has(doubt.domain);
        if (doubt && !waits) continue;
        decided.push(waits ? heldBack(outcome) : outcome);
        withheld.delete(id);
        begun.delete(id);
      }
      return decided;
    },
    undecided: () => [...withheld.values()],
    row: all => (all ? rows : newRows).longest(),
  };
}

/** Doubts in rows of nearly the same. */
function createRows() {
  const rows: { readonly first: Doubt; readonly domains: Set<string>; count: number }[] = [];
  const find = ({ likeness }: Doubt) => rows.find(row => isAlike(row.first.likeness, likeness));
  const shown = (row: (typeof rows)[number] | undefined): Row | null =>
    row ? { count: row.count, domains: [...row.domains], reply: row.first.reply } : null;
  return {
    add(doubt: Doubt): void {
      const row = find(doubt);
      row?.domains.add(doubt.domain);
      if (row) row.count += 1;
      else rows.push({ first: doubt, domains: new Set([doubt.domain]), count: 1 });
    },
    of: (doubt: Doubt) => shown(find(doubt)),
    longest: () =>
      shown(rows.filter(({ count }) => count >= several).sort((a, b) => b.count - a.count)[0]),
  };
}

function domainsOf(doubts: readonly Doubt[]): readonly string[] {
  return [...new Set(doubts.map(({ domain }) => domain))];
}

function heldBack(outcome: Outcome): Outcome {
  if (outcome.state !== 'failed') return outcome;
  return { ...outcome, state: 'deferred', dueAt: outcome.dueAt + holdMs };
}
