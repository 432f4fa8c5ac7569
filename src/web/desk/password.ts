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
