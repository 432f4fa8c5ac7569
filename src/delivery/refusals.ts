import type { SendResult } from './reply.ts';

/** How many outcomes are looked back at, and how many of them may be refused by policy. */
const windowSize = 100;
const tolerated = 5;
/** Refused by this many domains, it is hardly one receiver's own rule. */
const several = 3;

/** Exchange: the recipient (5.7.133: a group) takes mail of its own organisation's people only. */
const ownRules = ['5.7.129', '5.7.133'];

/** What a watch is told of each message. `domain`: the recipient's, lower-cased. */
export type Seen = { readonly domain: string; readonly policyRefusal: boolean };

/** Watches whether it is us that receivers refuse, though each refusal looks like one reader's. */
export type RefusalWatch = {
  /** @returns whether the edition should be paused. */
  see(outcome: Seen): boolean;
};

/**
 * A watch over one run. Of the last hundred outcomes more than five refused by policy (5.7.x), or
 * refused by three domains: then it is about us.
 */
export function createRefusalWatch(): RefusalWatch {
  const refusals: (string | null)[] = [];
  return {
    see({ domain, policyRefusal }) {
      refusals.push(policyRefusal ? domain : null);
      if (refusals.length > windowSize) refusals.shift();
      if (!policyRefusal) return false;
      const domains = refusals.filter(refused => refused !== null);
      return domains.length > tolerated || new Set(domains).size >= several;
    },
  };
}

/** Whether a reader was refused for a policy (RFC 3463 §3.8) that may be about us. */
export function isPolicyRefusal(result: SendResult): boolean {
  if (result.kind !== 'refused') return false;
  const enhanced = result.reply.enhanced ?? '';
  return enhanced.startsWith('5.7.') && !ownRules.includes(enhanced);
}
