import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOff, judge } from '../../src/delivery/policy.ts';
import { readReply, type Stage } from '../../src/delivery/reply.ts';

/** In short: what is done after this reply at this stage. */
function decided(stage: Stage, text: string): string {
  const verdict = judge({ kind: 'refused', stage, reply: readReply(text), usable: true });
  if (verdict.do === 'defer') return verdict.slow ? 'slow down' : 'defer';
  if (verdict.do === 'fail') return verdict.blame ? 'fail, the address is bad' : 'fail';
  return verdict.do;
}

describe('what relays say', () => {
  it.each<[string, Stage, string, string]>([
    ['Gmail, daily limit', 'dot', '550 5.4.5 Daily user sending limit exceeded', 'wait'],
    ['Gmail, daily limit', 'mail', '550-5.4.5 Daily user sending\n550 5.4.5 limit', 'wait'],
    ['Gmail, too fast for one reader', 'rcpt', '450 4.2.1 Receiving too much', 'defer'],
    ['Gmail, rate', 'dot', '421 4.7.28 Unusual rate', 'slow down'],
    ['Gmail, unauthenticated', 'dot', '550 5.7.26 Unauthenticated sender', 'fail'],
    ['Office 365, our mailbox is full', 'dot', '554 5.2.2 mailbox full', 'pause'],
    ['Office 365, quota', 'dot', '554 5.2.0 STOREDRV.Submission.Exception', 'slow down'],
    ['Office 365, connections', 'greeting', '432 4.3.2 Concurrent connections', 'slow down'],
    ['Office 365, connections', 'mail', '432 4.3.2 Concurrent connections', 'slow down'],
    ['SES, rate', 'dot', '454 Throttling failure: Maximum sending rate exceeded', 'slow down'],
    ['SES, daily quota', 'dot', '454 Throttling failure: Daily message quota', 'wait'],
    ['Gmail, limit', 'dot', '550 5.4.5 x', 'slow down'],
    ['SES, sandbox', 'dot', '554 Message rejected: Email address is not verified', 'pause'],
    ['Exchange, restricted group', 'rcpt', '550 5.7.129 RESOLVER.RST', 'fail'],
    ['Exchange, restricted group', 'rcpt', '550 5.7.133 RESOLVER.RST', 'fail'],
    ['Microsoft, we are not authenticated', 'dot', '550 5.7.515 Access denied', 'hold'],
    ['Microsoft, we are not authenticated', 'rcpt', '550 5.7.515 Access denied', 'hold'],
    ['Microsoft, busy', 'mail', '451 4.7.500 Server busy', 'slow down'],
    ['greylisting', 'rcpt', '450 4.7.1 Greylisted', 'defer'],
    ['greylisting', 'rcpt', '451 4.7.1 Greylisted', 'defer'],
    ['greylisting', 'rcpt', '450 Greylisted', 'defer'],
    ['greylisting after the message', 'dot', '451 4.7.1 Greylisted', 'defer'],
    [
      'a bad address, and a limit of those',
      'rcpt',
      '550 5.1.1 10 per hour exceeded',
      'fail, the address is bad',
    ],
    ['nothing but a number', 'rcpt', '550 No', 'fail'],
    ['nothing but a number', 'dot', '550 No', 'fail'],
    ['our address', 'rcpt', '550 5.1.7 Bad sender', 'pause'],
    ['our address', 'mail', '553 5.1.8 Sender’s domain is unknown', 'pause'],
    ['our address', 'dot', '550 5.1.8 Sender blocked', 'pause'],
    ['signing in', 'auth', '535 5.7.8 Wrong', 'pause'],
    ['signing in', 'mail', '530 5.7.0 Authentication required', 'pause'],
    ['signing in', 'rcpt', '530 Authentication required', 'pause'],
    ['signing in, for now', 'auth', '454 4.7.0 Temporary', 'slow down'],
    ['too big', 'mail', '552 5.3.4 Too big', 'pause'],
    ['too big', 'dot', '552 5.3.4 Too big', 'pause'],
    ['too big for one', 'rcpt', '552 5.3.4 Too big', 'fail'],
    ['a reader’s mailbox is full', 'rcpt', '552 5.2.2 Full', 'fail'],
    ['a reader’s mailbox is full', 'rcpt', '452 4.2.2 Full', 'defer'],
    ['a spam filter', 'dot', '550 5.7.1 Spam', 'fail'],
    ['we are blocked', 'greeting', '554 5.7.1 Blocked', 'pause'],
    ['we are blocked', 'mail', '550 5.7.1 Blocked', 'pause'],
    ['TLS', 'tls', '502 5.5.1 Unknown', 'pause'],
    ['closing', 'rcpt', '421 4.4.2 Timeout', 'slow down'],
    ['closing', 'dot', '421 Bye', 'slow down'],
    ['later', 'data', '451 4.3.0 Error', 'defer'],
    ['no number', 'rcpt', 'No such user', 'defer'],
  ])('%s, at %s: %s → %s', (_who, stage, text, what) => {
    expect(decided(stage, text)).toBe(what);
  });
});

const bad = ['5.1.1', '5.1.2', '5.1.3', '5.1.6', '5.1.10', '5.2.1'];

describe('an address is bad', () => {
  it.each(bad)('with %s at RCPT, and at no other stage', enhanced => {
    const text = `550 ${enhanced} x`;
    expect(decided('rcpt', text)).toBe('fail, the address is bad');
    expect(decided('data', text)).toBe('fail');
    expect(decided('dot', text)).toBe('fail');
    expect(decided('mail', text)).toBe('pause');
  });

  it('with no other code', () => {
    const codes = fc.tuple(
      fc.integer({ min: 500, max: 599 }),
      fc.integer({ min: 0, max: 9 }),
      fc.integer({ min: 0, max: 999 }),
    );
    fc.assert(
      fc.property(codes, ([code, subject, detail]) => {
        const enhanced = `5.${subject}.${detail}`;
        const what = decided('rcpt', `${code} ${enhanced} User unknown, mailbox does not exist`);
        if (what.includes('bad')) expect(bad).toContain(enhanced);
      }),
    );
  });
});

describe('a session that the server ends', () => {
  const at = (stage: Stage, text: string, taken: number, barren: number) =>
    judge({ kind: 'refused', stage, reply: readReply(text), usable: false }, { taken, barren });

  it.each(['mail', 'rcpt', 'data', 'dot'] as const)(
    'with 421 at %s after it took messages has a limit: the same message again',
    stage => {
      expect(at(stage, '421 too many messages in this connection', 50, 0)).toEqual({ do: 'again' });
      expect(at(stage, '421 4.4.2 closing', 1, 3)).toEqual({ do: 'again' });
    },
  );

  it('with 421 4.7.x speaks of our rate, whatever it took', () => {
    expect(at('mail', '421 4.7.0 Too fast', 50, 0)).toEqual({ do: 'defer', slow: true });
  });

  it('with 421 before any message is given one more chance, and then asks for less', () => {
    expect(at('mail', '421 4.3.2 Closing', 0, 0)).toEqual({ do: 'again' });
    expect(at('mail', '421 4.3.2 Closing', 0, 1)).toEqual({ do: 'defer', slow: true });
  });

  it('without a word has a limit, too, but where the message may have arrived', () => {
    const lost = (stage: Stage, taken: number) =>
      judge({ kind: 'lost', stage, text: 'gone' }, { taken, barren: 0 });
    expect(lost('mail', 1)).toEqual({ do: 'again' });
    expect(lost('mail', 0)).toEqual({ do: 'defer', slow: false });
    expect(lost('dot', 1)).toEqual({ do: 'defer', slow: false });
  });
});

describe('a decision', () => {
  const stages: Stage[] = ['greeting', 'ehlo', 'tls', 'auth', 'mail', 'rcpt', 'data', 'dot'];

  it('is never made by words', () => {
    const reply = fc.tuple(
      fc.constantFrom(...stages),
      fc.integer({ min: 400, max: 599 }),
      fc.constantFrom('', '4.7.1 ', '5.1.1 ', '5.2.2 ', '5.4.5 ', '5.7.1 ', '4.3.2 '),
    );
    fc.assert(
      fc.property(reply, fc.string(), ([stage, code, enhanced], words) => {
        const plain = decided(stage, `${code} ${enhanced}x`);
        expect(decided(stage, `${code} ${enhanced}x ${words} spam quota 5.1.1 550`)).toBe(plain);
      }),
    );
  });

  it('of a lost connection is to try again', () => {
    for (const stage of stages) {
      expect(judge({ kind: 'lost', stage, text: '550 5.1.1' })).toMatchObject({ do: 'defer' });
    }
  });

  it('to fail needs a 5xx', () => {
    for (let code = 100; code < 500; code += 1) {
      for (const stage of stages) expect(decided(stage, `${code} x`)).toMatch(/defer|slow/);
    }
  });

  it('to fail is never made before the recipient is named', () => {
    for (const stage of ['greeting', 'ehlo', 'tls', 'auth', 'mail'] as const) {
      for (let code = 500; code < 600; code += 1) {
        expect(decided(stage, `${code} 5.1.1 x`)).toBe('pause');
      }
    }
  });
});

describe('waiting before the next try', () => {
  const minute = 60_000;

  it.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [6, 32],
    [7, 60],
    [50, 60],
    [2_000, 60],
  ])('after try %i: %i minutes, and up to a fifth more', (attempts, minutes) => {
    expect(backOff(attempts, 0)).toBe(minutes * minute);
    expect(backOff(attempts, 1)).toBe(minutes * minute * 1.2);
  });
});
