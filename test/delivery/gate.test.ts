import { describe, expect, it } from 'vitest';
import { createPace, createSessionLimit } from '../../src/delivery/gate.ts';

const now = 1_000_000;

describe('the pace', () => {
  it('is free until the server asks for less', () => {
    const pace = createPace();
    expect(pace.isFree()).toBe(true);
    expect(pace.delay(now)).toBe(0);
  });

  it('doubles the gap at each such reply, up to a minute, and climbs back', () => {
    const pace = createPace();
    pace.slower();
    expect([pace.delay(now), pace.delay(now), pace.delay(now)]).toEqual([0, 100, 200]);
    for (let each = 0; each < 20; each += 1) pace.slower();
    const later = now + 10_000_000;
    expect([pace.delay(later), pace.delay(later)]).toEqual([0, 60_000]);
    for (let each = 0; each < 1_000; each += 1) pace.faster();
    expect(pace.isFree()).toBe(true);
  });
});

/** Up to how many messages a session may come, 100 where no limit is known. */
const limitOf = ({ isFull }: ReturnType<typeof createSessionLimit>) =>
  Array.from({ length: 100 }, (_, messages) => messages).find(isFull) ?? 100;

describe('the limit of a session', () => {
  it('is known once two sessions in a row were cut at the same number', () => {
    const sessions = createSessionLimit();
    expect(limitOf(sessions)).toBe(100);
    sessions.cut(50);
    expect(limitOf(sessions)).toBe(100);
    sessions.cut(50);
    expect(limitOf(sessions)).toBe(50);
  });

  it('is not learnt from a server that cuts each elsewhere', () => {
    const sessions = createSessionLimit();
    for (const messages of [37, 41, 37, 40, 3]) sessions.cut(messages);
    expect(limitOf(sessions)).toBe(100);
  });

  it('may be one', () => {
    const sessions = createSessionLimit();
    sessions.cut(1);
    sessions.cut(1);
    expect(limitOf(sessions)).toBe(1);
  });

  it('is raised by a quarter after ten full sessions, and lowered by the next cut', () => {
    const sessions = createSessionLimit();
    sessions.cut(50);
    sessions.cut(50);
    for (let each = 0; each < 9; each += 1) sessions.kept();
    expect(limitOf(sessions)).toBe(50);
    sessions.kept();
    expect(limitOf(sessions)).toBe(63);
    sessions.cut(50);
    expect(limitOf(sessions)).toBe(50);
  });

  it('follows a server that takes fewer than it did', () => {
    const sessions = createSessionLimit();
    for (const messages of [50, 50, 20]) sessions.cut(messages);
    expect(limitOf(sessions)).toBe(50);
    sessions.cut(20);
    expect(limitOf(sessions)).toBe(20);
  });
});
