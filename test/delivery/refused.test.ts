import { describe, expect, it } from 'vitest';
import { editionsPausedByRelay, resumeFromRelay } from '../../src/store/editions.ts';
import { addressesOver } from '../support/app.ts';
import { type FaultRun, startFaultRun } from '../support/fault-app.ts';
import { hours, minutes } from '../support/runtime.ts';
import {
  at,
  type Occasion,
  refusingAfter,
  say,
  startScripted,
  wordings,
} from '../support/scripted-smtp.ts';

/** The ledger, counted by state. */
async function states(run: FaultRun): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const row of await run.ledger()) {
    const state = row.split(' ')[0] ?? '';
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return counts;
}

/** What the operator's mails are about. */
async function told({ app }: FaultRun): Promise<Record<string, string>[]> {
  const rows = await app.db.selectFrom('notices').select('content').orderBy('id').execute();
  return rows.map(({ content }) => JSON.parse(content ?? '{}'));
}

const domainOf = (recipient: string) => recipient.slice(recipient.indexOf('@') + 1);
const numberOf = (recipient: string) => Number(/\d+/.exec(recipient)?.[0]);

const times = [0, 20, 50].flatMap(after =>
  (['RCPT', 'dot'] as const).map(step => ({ after, step })),
);
const title = (words: (typeof wordings)[number]) =>
  words({ recipient: 'reader1@d1.example', time: 1, connection: 1, line: '' });
const everyCase = wordings.flatMap(words =>
  times.map(time => ({ ...time, words, domains: 40, said: title(words) })),
);
const overOneDomain = wordings.map((words, at) => {
  const time = times[at % times.length] ?? { after: 0, step: 'RCPT' as const };
  return { ...time, words, domains: 1, said: title(words) };
});

describe('a server that refuses us', () => {
  it.each([...everyCase, ...overOneDomain])(
    'after $after, at $step, in $domains domains, with “$said”, fails nobody',
    async ({ after, step, words, domains }) => {
      const server = await startScripted(refusingAfter(after, step, words));
      const readers = addressesOver(domains, 200);
      const run = await startFaultRun(server.port, { readers, lanes: 10 });
      expect(await run.deliver()).toMatchObject({ why: 'refused' });
      expect(await run.status()).toBe('paused by policy');
      const { sent = 0, ...others } = await states(run);
      expect(sent).toBeGreaterThanOrEqual(after);
      expect(Object.keys(others).sort()).toEqual(['deferred', 'queued']);
      // What the server was asked for nothing.
      expect(server.lines.filter(line => line.startsWith('MAIL')).length - sent).toBeLessThan(40);
      expect(await told(run)).toMatchObject([{ edition: `${run.edition}`, kind: 'daily' }]);
    },
  );

  it('tries all again once it is resumed, and nobody twice', async () => {
    const server = await startScripted(refusingAfter(50, 'RCPT', () => '550 relay not permitted'));
    const run = await startFaultRun(server.port, { readers: addressesOver(40, 200), lanes: 10 });
    await run.deliver();
    expect(await run.deliverAgain()).toMatchObject({ why: 'refused' });
    expect(await told(run)).toHaveLength(1);
    server.script = null;
    expect(await run.deliverAgain()).toBeNull();
    expect(await states(run)).toEqual({ sent: 200 });
    const got = server.mails.filter(({ accepted }) => accepted).map(({ recipient }) => recipient);
    expect(new Set(got).size).toBe(got.length);
  });

  it.each([
    ['three readers, of three domains', 3, 3, 'paused by policy'],
    ['five readers, of two domains', 5, 2, 'paused by policy'],
    ['three readers of one domain, whose addresses may be wrong', 3, 1, 'sent'],
    ['two readers', 2, 2, 'sent'],
  ])('where all are refused alike: %s', async (_who, count, domains, status) => {
    const server = await startScripted(at('RCPT', '550 relay not permitted'));
    const readers = addressesOver(domains, count);
    const run = await startFaultRun(server.port, { readers, lanes: 10 });
    await run.deliver();
    expect(await run.status()).toBe(status);
    expect(Object.keys(await states(run))).toEqual([status === 'sent' ? 'failed' : 'deferred']);
  });

  it('where it is resumed too early, fails nobody, though each domain has refused us before', async () => {
    const server = await startScripted(at('RCPT', '550 5.7.1 Blocked'));
    const run = await startFaultRun(server.port, { readers: addressesOver(5, 5), lanes: 1 });
    for (let time = 0; time < 4; time += 1) {
      await run.deliverAgain();
      expect(await states(run)).not.toHaveProperty('failed');
    }
    server.script = null;
    await run.deliverAgain();
    expect(await states(run)).toEqual({ sent: 5 });
  });

  it('as the last few are sent to, keeps those waiting', async () => {
    const server = await startScripted(refusingAfter(45, 'dot', () => '550 content refused'));
    const run = await startFaultRun(server.port, { readers: addressesOver(40, 52), lanes: 1 });
    expect(await run.deliver()).toMatchObject({ why: 'refused', text: '550 content refused' });
    expect(await states(run)).toEqual({ sent: 45, deferred: 7 });
  });

  it('leaves nobody failed by a kill before that is decided', async () => {
    const server = await startScripted(at('RCPT', '550 relay not permitted'));
    const run = await startFaultRun(server.port, { readers: addressesOver(40, 200), lanes: 4 });
    // The database dies with the decision: as it is then, a kill would have left it.
    await run.app.db.schema.alterTable('notices').renameTo('gone').execute();
    await expect(run.deliver()).rejects.toThrow();
    await run.app.db.schema.alterTable('gone').renameTo('notices').execute();
    expect(await run.status()).toBe('sending');
    expect(Object.keys(await states(run))).toEqual(['queued']);
    expect(await run.deliver()).toMatchObject({ why: 'refused' });
    expect(await told(run)).toHaveLength(1);
  });

  it('names no reader where it is told', async () => {
    const words = ({ recipient }: Occasion) => `550 5.7.1 <${recipient}>: Relay access denied`;
    const server = await startScripted(refusingAfter(0, 'RCPT', words));
    const run = await startFaultRun(server.port, { readers: addressesOver(40, 100), lanes: 4 });
    expect(await run.deliver()).toMatchObject({ text: '550 5.7.1 <…>: Relay access denied' });
    expect(JSON.stringify([await told(run), run.app.runtime.logs])).not.toContain('reader');
  });
});

describe('bad addresses', () => {
  it.each([1, 10])('scattered over the list fail alone, with %i lanes', async lanes => {
    const isBad = ({ recipient }: Occasion) => numberOf(recipient) % 16 === 9;
    const server = await startScripted(at('RCPT', '550 No such user', isBad));
    const run = await startFaultRun(server.port, { readers: addressesOver(40, 200), lanes });
    expect(await run.deliver()).toBeNull();
    expect(await states(run)).toEqual({ sent: 188, failed: 12 });
    expect(await run.status()).toBe('sent');
  });

  it('that are named as such never pause an edition, though all are', async () => {
    const server = await startScripted(at('RCPT', '550 5.1.1 No such user'));
    const run = await startFaultRun(server.port, { readers: addressesOver(40, 60), lanes: 4 });
    expect(await run.deliver()).toBeNull();
    expect(await states(run)).toEqual({ failed: 60 });
  });

  it('in a row keep nobody else from the edition once a person resumes it, and fail then', async () => {
    const isBad = ({ recipient }: Occasion) => numberOf(recipient) <= 11;
    const server = await startScripted(at('RCPT', '550 No such user', isBad));
    const run = await startFaultRun(server.port, { readers: addressesOver(40, 200), lanes: 1 });
    expect(await run.deliver()).toMatchObject({ why: 'refused' });
    expect((await states(run)).failed).toBeUndefined();
    await run.deliverAgain();
    expect(await states(run)).toEqual({ sent: 189, failed: 11 });
    expect(await run.status()).toBe('sent');
  });
});

describe('one domain that refuses us', () => {
  /** 30 of 200 readers are at that domain. */
  const readers = addressesOver(39, 200).map((address, n) =>
    n % 20 < 3 ? address.replace(/@.*/, '@big.example') : address,
  );
  const refuses =
    (...domains: string[]) =>
    ({ recipient }: Occasion) =>
      domains.includes(domainOf(recipient));

  it.each(['550 5.7.515 Access denied', '550 5.7.1 Message refused by policy'])(
    'with “%s” holds its own readers back alone',
    async reply => {
      const server = await startScripted(at('dot', reply, refuses('big.example')));
      const run = await startFaultRun(server.port, { readers, lanes: 10 });
      expect(await run.deliver()).toBeNull();
      expect(await states(run)).toEqual({ sent: 170, deferred: 30 });
      expect(await run.status()).toBe('sending');
      const tried = () => server.mails.filter(({ accepted }) => !accepted).length;
      const first = tried();
      expect(first).toBeLessThan(20);

      // Nobody is tried before its time; then who was refused is, and the rest waits on.
      expect(await run.deliver()).toBeNull();
      expect(tried()).toBe(first);
      run.app.runtime.time += hours(1);
      expect(await run.deliver()).toBeNull();
      expect(tried()).toBeLessThanOrEqual(2 * first);
      expect(await run.status()).toBe('sending');

      // A person who resumes everything is not answered with another pause.
      expect(await run.deliverAgain()).toBeNull();
      server.script = null;
      await run.deliverAgain();
      expect(await states(run)).toEqual({ sent: 200 });
    },
  );

  it('pauses the edition where it is one of several', async () => {
    const server = await startScripted(
      at('dot', '550 5.7.1 Blocked', refuses('d4.example', 'd5.example', 'd6.example')),
    );
    const run = await startFaultRun(server.port, { readers, lanes: 10 });
    expect(await run.deliver()).toMatchObject({ why: 'refused' });
    expect(await run.status()).toBe('paused by policy');
    // Resumed, it goes to all others: what is known of these three is not news.
    await run.deliverAgain();
    const { failed, sent = 0 } = await states(run);
    expect({ failed, status: await run.status() }).toEqual({ status: 'sending' });
    expect(sent).toBe(readers.filter(reader => !/@d[456]\./.test(reader)).length);
  });

  it('many refusals by policy pause the edition, and nobody is failed for them', async () => {
    const server = await startScripted(at('RCPT', say('550 5.7.1 Blocked')));
    const run = await startFaultRun(server.port, { readers: 9 });
    expect(await run.deliver()).toEqual({ why: 'refused', text: '550 5.7.1 Blocked' });
    expect(await run.status()).toBe('paused by policy');
    const ledger = await run.ledger();
    expect(ledger.filter(row => row.startsWith('failed'))).toEqual([]);
    expect(ledger.filter(row => row.startsWith('queued'))).not.toEqual([]);
  });

  it('one group that takes no mail from outside fails alone', async () => {
    const server = await startScripted(at('RCPT', say('550 5.7.133 Not allowed')));
    const run = await startFaultRun(server.port, { readers: 9 });
    await run.deliver();
    expect(await run.status()).toBe('sent');
  });
});

describe('a limit that names its time', () => {
  it.each([
    ['550 Domain d.test has exceeded the max emails per hour (101/100 (101%)) allowed', 1],
    ['550 5.4.5 Daily user sending quota exceeded. x12-gsmtp', 6],
  ])('%s: is waited for, by all lanes, for %i hours', async (reply, wait) => {
    const server = await startScripted(refusingAfter(50, 'dot', () => reply));
    const run = await startFaultRun(server.port, { readers: addressesOver(40, 200), lanes: 10 });
    const until = run.app.runtime.time + hours(wait);
    expect(await run.deliver()).toEqual({ why: 'limit', text: reply, until });
    const { sent = 0, ...others } = await states(run);
    expect(Object.keys(others).sort()).toEqual(['deferred', 'queued']);
    expect(server.mails.length - sent).toBeLessThan(20);
    expect(await run.status()).toBe('paused by relay');
    expect(await told(run)).toMatchObject([{ until: run.app.sayTime(until), late: '' }]);
    expect(await editionsPausedByRelay(run.app.db, until - 1)).toEqual([]);
    expect(await editionsPausedByRelay(run.app.db, until)).toEqual([run.edition]);
    server.script = null;
    run.app.runtime.time = until;
    await resumeFromRelay(run.app.db, run.edition);
    expect(await run.deliver()).toBeNull();
    expect(await states(run)).toEqual({ sent: 200 });
  });

  it('is tried once more before the edition expires, and then it is said that it will', async () => {
    const server = await startScripted(at('MAIL', '550 5.4.5 Daily sending quota exceeded'));
    const run = await startFaultRun(server.port);
    const expires = run.app.runtime.time + hours(24);
    run.app.runtime.time += hours(20);
    expect(await run.deliver()).toMatchObject({ until: expires - minutes(30) });
    run.app.runtime.time = expires - minutes(30);
    await resumeFromRelay(run.app.db, run.edition);
    await run.deliver();
    expect((await told(run)).at(-1)).toMatchObject({ late: '' });
  });

  it.each([
    ['here and there', addressesOver(40, 200)],
    [
      'one after the other',
      addressesOver(40, 200).sort((a, b) => (domainOf(a) < domainOf(b) ? -1 : 1)),
    ],
  ])('that one domain names, to readers %s, keeps nobody else waiting', async (_where, readers) => {
    const isThere = ({ recipient }: Occasion) => domainOf(recipient) === 'd7.example';
    const server = await startScripted(at('RCPT', '450 4.7.1 Hourly limit exceeded', isThere));
    const run = await startFaultRun(server.port, { readers, lanes: 4 });
    expect(await run.deliver()).toBeNull();
    expect(await states(run)).toEqual({ sent: 195, deferred: 5 });
  });
});
