import { describe, expect, it } from 'vitest';
import { judge } from '../../src/delivery/policy.ts';
import { createRefusalWatch } from '../../src/delivery/refusal-watch.ts';
import { doubtOf, isAlike, likenessOf, withoutAddresses } from '../../src/delivery/refusals.ts';
import { readReply, type SendResult, type Stage } from '../../src/delivery/reply.ts';
import { seeded } from '../chaos/seeded.ts';

const refused = (text: string, stage: Stage = 'dot'): SendResult => ({
  kind: 'refused',
  stage,
  reply: readReply(text),
  usable: true,
});
const accepted: SendResult = { kind: 'accepted', reply: readReply('250 Ok') };

const claimOf = (subscriberId: number, address: string) => ({
  ...{ editionId: 1, subscriberId, attempts: 0, lost: 0 },
  ...{ address, tokenCounter: 0, mailable: true },
});

/** Shows one lane's outcomes, a word each: `ok`, or the domain that refused. @returns who is found. */
function watch(...words: readonly string[]): (string | null)[] {
  const watch = createRefusalWatch({ lanes: 1, refused: new Map(), held: new Set() });
  return words.map((word, at) => {
    const domain = word === 'ok' ? 'fine.example' : word;
    const address = `reader${at}@${domain}`;
    const claim = claimOf(at + 1, address);
    watch.began(claim);
    const result = word === 'ok' ? accepted : refused(`550 5.7.1 <${address}>: Blocked`);
    return watch.see(claim, result, judge(result))?.domains.join(' ') ?? null;
  });
}
const times = (count: number, word: string) => Array.from({ length: count }, () => word);
const pausesAt = (words: readonly string[]) =>
  watch(...words).findIndex(found => found?.includes(' ')) + 1;

describe('watching refusals', () => {
  it('is calm where all goes well', () => {
    expect(watch(...times(500, 'ok')).filter(Boolean)).toEqual([]);
  });

  it('lets one domain, or two, have rules of their own', () => {
    expect(pausesAt([...times(5, 'a.example'), ...times(200, 'ok')])).toBe(0);
    expect(pausesAt(['a.example', 'b.example', 'a.example', ...times(200, 'ok')])).toBe(0);
  });

  it('pauses where three domains refuse', () => {
    expect(pausesAt(['a.example', 'ok', 'b.example', 'ok', 'c.example'])).toBe(5);
  });

  it('finds one domain at its third refusal, and once', () => {
    const found = watch(...times(94, 'ok'), ...times(6, 'a.example'));
    expect(found.findIndex(Boolean) + 1).toBe(97);
    expect(found.filter(Boolean)).toEqual(['a.example']);
  });

  it('forgets what was more than a hundred outcomes ago', () => {
    expect(pausesAt(['a.example', 'b.example', ...times(99, 'ok'), 'c.example'])).toBe(0);
  });

  it('never pauses because of one that was accepted', () => {
    expect(watch(...times(6, 'a.example'), 'ok').at(-1)).toBeNull();
  });
});

it.each([1, 4, 10])(
  'bad addresses by chance, one of eight, are no refusal of us; %i lanes',
  lanes => {
    const found: number[] = [];
    for (let seed = 0; seed < 100; seed += 1) {
      const chance = seeded(seed);
      const list = Array.from({ length: 200 }, () => chance() < 1 / 8);
      const watch = createRefusalWatch({ lanes, refused: new Map(), held: new Set() });
      const claims = list.map((_, at) => claimOf(at + 1, `reader${at}@d${at}.example`));
      const flying = new Set<number>();
      for (const [at, claim] of claims.entries()) {
        watch.began(claim);
        flying.add(at);
        if (flying.size < lanes) continue;
        // A bad address is refused at once; the other lanes wait, whichever is next.
        const ended =
          [...flying].find(one => list[one]) ?? [...flying][Math.floor(chance() * lanes)];
        const result = list[ended ?? at] ? refused('550 No such user', 'rcpt') : accepted;
        if (watch.see(claims[ended ?? at] ?? claim, result, judge(result))) found.push(seed);
        flying.delete(ended ?? at);
      }
    }
    expect(found).toEqual([]);
  },
);

describe('two replies', () => {
  const likeness = (text: string, address: string) => likenessOf(readReply(text), 'rcpt', address);
  const alike = (one: string, other: string) =>
    isAlike(likeness(one, 'ada.byron@a.example'), likeness(other, 'emmy@b.example'));

  it.each([
    ['550 relay not permitted', '550 relay not permitted'],
    ['550 5.7.1 <ada.byron@a.example>: Relay denied', '550 5.7.1 <emmy@b.example>: Relay denied'],
    ['550 ada.byron is not known here', '550 emmy is not known here'],
    ['550 Unknown user Byron', '550 Unknown user emmy'],
    [
      '550 refused (10.0.0.1), id 1a2b, see https://a.example/1',
      '550 refused (10.1.2.3), id Zq9, see https://b.example/',
    ],
    [
      '550 no mail for a.example, ref aGVsbG8gd29ybGQgaGVsbG8gd29ybGQK',
      '550 no mail for b.example, ref d29ybGQgaGVsbG8gd29ybGQgaGVsbG8K',
    ],
    ['550', '550'],
  ])('are nearly the same: %s, %s', (one, other) => {
    expect(alike(one, other)).toBe(true);
  });

  it.each([
    ['550 relay not permitted', '553 relay not permitted'],
    ['550 5.7.1 relay not permitted', '550 5.7.0 relay not permitted'],
    ['550 relay not permitted', '550 No such user'],
    ['550 mailbox is full', '550 mailbox is disabled by its owner'],
  ])('are not: %s, %s', (one, other) => {
    expect(alike(one, other)).toBe(false);
  });

  it('at different stages are not the same', () => {
    const text = readReply('550 No');
    expect(isAlike(likenessOf(text, 'rcpt', 'a@b.c'), likenessOf(text, 'dot', 'a@b.c'))).toBe(
      false,
    );
  });
});

describe('a refusal that may be about us', () => {
  const doubt = (text: string, stage?: Stage) => {
    const result = refused(text, stage);
    return doubtOf(result, judge(result));
  };

  it.each([
    ['550 5.7.1 Blocked', 'policy'],
    ['550 5.7.26 Unauthenticated', 'policy'],
    ['550-5.7.26 Unauthenticated\n550 5.7.26 sender', 'policy'],
    ['550 5.7.515 Access denied', 'policy'],
    ['550 5.7.129 Restricted group', null],
    ['550 5.7.133 Restricted group', null],
    ['550 5.1.1 Nobody', null],
    ['553 5.6.7 the server does not offer SMTPUTF8', null],
    ['550 No 5.7.1', 'other'],
    ['550 content refused', 'other'],
    ['451 4.7.1 Later', null],
  ])('%s: %s', (text, kind) => {
    expect(doubt(text)).toBe(kind);
  });

  it('is none where it was sent or lost', () => {
    const policy: SendResult = { kind: 'accepted', reply: readReply('250 5.7.1') };
    expect(doubtOf(policy, judge(policy))).toBeNull();
    const lost: SendResult = { kind: 'lost', stage: 'dot', text: '550 5.7.1' };
    expect(doubtOf(lost, judge(lost))).toBeNull();
  });
});

it('what a server said names no address', () => {
  expect(withoutAddresses('550 <ada@a.example>, SRS0=x=ada+1@b.example: no')).toBe(
    '550 <…>, …: no',
  );
});
