import { createHmac, timingSafeEqual } from 'node:crypto';

/** The shortest time in which a person can fill in the form, in ms; stamps are in whole seconds. */
const shortest = 2_000;
/** A page that lay open for longer is asked to be sent once more; in ms. */
const longest = 24 * 3_600_000;

/** `right`: sent after a time that a person needs; `early`: too quickly; `unknown`: no valid stamp. */
export type StampAge = 'right' | 'early' | 'unknown';

/** Makes and reads the stamps in forms that anybody may send. */
export type Stamps = {
  /** For a form that is shown now. Always of the same length. */
  make(now: number): string;
  read(text: string, now: number): StampAge;
};

/** Stamps signed with `key`: the time (UTC ms) at which a form was shown. Not bound to anybody. */
export function createStamps(key: Buffer): Stamps {
  const sign = (time: string) =>
    createHmac('sha256', key).update(`form ${time}`).digest('base64url').slice(0, 22);
  return {
    make: now => {
      const time = now.toString(36).padStart(9, '0');
      return `${time}.${sign(time)}`;
    },
    read: (text, now) => {
      const [time = '', mac = '', ...more] = text.split('.');
      if (more.length > 0 || !/^[0-9a-z]{9}$/.test(time) || !/^[\w-]{22}$/.test(mac))
        return 'unknown';
      if (!timingSafeEqual(Buffer.from(mac), Buffer.from(sign(time)))) return 'unknown';
      const age = now - Number.parseInt(time, 36);
      if (age > longest || age < -longest) return 'unknown';
      return Math.abs(age) < shortest ? 'early' : 'right';
    },
  };
}
