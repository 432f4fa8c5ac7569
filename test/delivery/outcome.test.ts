import { describe, expect, it } from 'vitest';
import { outcomeOf, skipped, unsent } from '../../src/delivery/outcome.ts';
import { judge } from '../../src/delivery/policy.ts';
import { readReply, type SendResult, type Stage } from '../../src/delivery/reply.ts';
import type { Claim } from '../../src/store/deliveries.ts';
import { hours, minutes, morning } from '../support/runtime.ts';

const moment = { now: morning, expiresAt: morning + hours(24), chance: () => 0 };
const claim = (values: Partial<Claim> = {}): Claim => ({
  attempts: 0,
  lost: 0,
  address: 'reader@example.org',
  mailable: true,
  ...values,
});

const refused = (text: string, stage: Stage = 'rcpt'): SendResult => ({
  kind: 'refused',
  stage,
  reply: readReply(text),
  usable: true,
});
const lost = (stage: Stage): SendResult => ({ kind: 'lost', stage, text: 'gone' });
const outcome = (result: SendResult, values: Partial<Claim> = {}, at = moment) => {
  const verdict = judge(result);
  if (verdict.do === 'again') throw new Error('no row is left by it');
  return outcomeOf(claim(values), result, verdict, at);
};

describe('the row that a try leaves', () => {
  it('says when it was sent, and what the server said', () => {
    expect(outcome({ kind: 'accepted', reply: readReply('250 2.0.0 Ok as 1A') })).toEqual({
      claim: claim(),
      state: 'sent',
      dueAt: morning,
      tried: 1,
      lost: 0,
      code: 250,
      enhanced: '2.0.0',
      reply: '250 2.0.0 Ok as 1A',
      sentAt: morning,
    });
  });

  it('waits a minute, then two, after 4xx', () => {
    expect(outcome(refused('451 4.3.0 x'))).toMatchObject({
      state: 'deferred',
      dueAt: morning + minutes(1),
    });
    expect(outcome(refused('451 4.3.0 x'), { attempts: 1 })).toMatchObject({
      dueAt: morning + minutes(2),
    });
  });

  it('fails where the next try would come after the edition expired', () => {
    const late = { ...moment, now: moment.expiresAt - minutes(1) + 1 };
    expect(outcome(refused('451 4.3.0 x'), {}, late)).toMatchObject({
      state: 'failed',
      code: 451,
      reply: 'expired; last: 451 4.3.0 x',
    });
    const justInTime = { ...late, now: late.now - 1 };
    expect(outcome(refused('451 4.3.0 x'), {}, justInTime)).toMatchObject({ state: 'deferred' });
  });

  it('is due at once where the edition is paused: it was not the reader’s fault', () => {
    expect(outcome(refused('550 5.7.1 x', 'mail'))).toMatchObject({
      state: 'deferred',
      dueAt: morning,
      code: 550,
    });
  });

  it('is due at once where the connection broke before the final dot, the first time', () => {
    expect(outcome(lost('mail'))).toMatchObject({ state: 'deferred', dueAt: morning, lost: 0 });
    expect(outcome(lost('mail'), { attempts: 1 })).toMatchObject({ dueAt: morning + minutes(2) });
  });

  it('counts the replies lost after the final dot, and gives up after the third', () => {
    expect(outcome(lost('dot'))).toMatchObject({
      state: 'deferred',
      lost: 1,
      dueAt: morning + minutes(1),
    });
    expect(outcome(lost('dot'), { lost: 1, attempts: 1 })).toMatchObject({ state: 'deferred' });
    expect(outcome(lost('dot'), { lost: 2, attempts: 2 })).toMatchObject({
      state: 'failed',
      lost: 1,
      reply: 'no reply after the message: gone',
    });
  });

  it('does not give up for lost replies when the server answers again', () => {
    expect(outcome(refused('451 x', 'dot'), { lost: 2, attempts: 2 })).toMatchObject({
      state: 'deferred',
      lost: 0,
    });
  });
});

describe('the row that is left without a try', () => {
  it('of a reader who left is skipped', () => {
    expect(skipped(claim(), moment)).toMatchObject({ state: 'skipped', tried: 0, reply: 'left' });
  });

  it('of a reader whose turn came too late is as it was', () => {
    expect(unsent(claim(), moment)).toMatchObject({ state: 'queued', tried: 0, dueAt: morning });
    expect(unsent(claim({ attempts: 1 }), moment)).toMatchObject({ state: 'deferred', tried: 0 });
  });
});
