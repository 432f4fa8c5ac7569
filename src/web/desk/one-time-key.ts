import { createHash, timingSafeEqual } from 'node:crypto';

/** A key that opens once. */
export type OneTimeKey = {
  readonly text: string;
  /** Whether this is it, and it was not used before. */
  take(guess: string): boolean;
};

/** A key of 24 random bytes. */
export function createOneTimeKey(random: (size: number) => Buffer): OneTimeKey {
  const text = random(24).toString('base64url');
  const hash = (key: string) => createHash('sha256').update(key).digest();
  let open = true;
  return {
    text,
    take(guess) {
      const right = open && timingSafeEqual(hash(guess), hash(text));
      if (right) open = false;
      return right;
    },
  };
}
