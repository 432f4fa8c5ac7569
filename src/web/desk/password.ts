import { createHash, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** The desk's password, as it is compared: never in plain text, and never quickly. */
export type Password = {
  /** Differs with each password; what sessions remember. */
  readonly tag: string;
  isRight(guess: string): Promise<boolean>;
};

type Derive = (
  password: string,
  salt: Buffer,
  length: number,
  cost: { readonly N: number; readonly r: number; readonly p: number; readonly maxmem: number },
) => Promise<Buffer>;
const derive = promisify(scrypt) as Derive;

/** 32 MB and some 80 ms a guess. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/** Derives the key of `password` by scrypt (RFC 7914). */
export async function createPassword(password: string, salt: Buffer): Promise<Password> {
  const keyOf = (text: string) => derive(text.normalize('NFC'), salt, 32, cost);
  const key = await keyOf(password);
  // One at a time: guesses that come together are no quicker, and take the memory of one.
  let last: Promise<unknown> = Promise.resolve();
  return {
    tag: createHash('sha256').update(key).digest('hex'),
    isRight: guess => {
      const answer = last.then(async () => timingSafeEqual(key, await keyOf(guess)));
      last = answer.catch(() => 'the next one tries');
      return answer;
    },
  };
}

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
