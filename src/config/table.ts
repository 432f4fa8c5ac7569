import type { Checked } from '../lib/errors.ts';
import { checkCron } from '../schedule/cron.ts';
import * as check from './checks.ts';
import * as mailCheck from './mail-checks.ts';

/** All that is known of one setting. Help, README, `.env.example` and the checks come from it. */
export type Setting<T = unknown> = {
  /** A phrase without a full stop. */
  readonly meaning: string;
  /** The value where none is given, as one would write it. */
  readonly default?: string;
  /** A value that works, as one would write it, where there is no default. */
  readonly example?: string;
  /** Said in place of a default that is no value. */
  readonly otherwise?: string;
  /** Masked when shown, and also read from the file that `NAME_FILE` names. */
  readonly secret?: true;
  /** The example is the name of a file, and the setting shown is `NAME_FILE`. */
  readonly shownAsFile?: true;
  readonly check: (text: string) => Checked<T>;
};

/** Every setting by its name, in the order in which they are shown. */
export const settings = {
  SMTP_URL: {
    meaning: 'the SMTP server: smtp:// or smtps://, ?tls=required or none',
    example: 'smtp://mail.example.org:587',
    secret: true,
    check: mailCheck.smtpUrl,
  },
  SMTP_USER: {
    meaning: 'who signs in to the SMTP server',
    example: 'papers@example.org',
    check: check.line,
  },
  SMTP_PASSWORD: {
    meaning: 'the password, or for xoauth2 the access token',
    example: 'correct-horse',
    secret: true,
    check: check.verbatim,
  },
  SMTP_PASSWORD_COMMAND: {
    meaning: 'a command that prints a fresh password or access token',
    example: 'pass show papers/smtp',
    check: check.line,
  },
  SMTP_AUTH: {
    meaning: 'how to sign in: password or xoauth2',
    example: 'xoauth2',
    otherwise: 'password',
    check: check.oneOf(['password', 'xoauth2']),
  },
  MAIL_FROM: {
    meaning: 'who the mail is from: an address, or Name <address>',
    example: 'Daily Papers <papers@example.org>',
    check: check.mailbox,
  },
  REPLY_TO: {
    meaning: 'where answers go',
    example: 'editor@example.org',
    otherwise: 'MAIL_FROM',
    check: check.mailbox,
  },
  POSTAL_ADDRESS: {
    meaning: 'the postal address in the footer, which many laws ask for',
    example: 'Example Society, 1 Main Street, Springfield',
    check: check.line,
  },
  ADMIN_EMAIL: {
    meaning: 'who is told where a scheduled edition could not go out',
    example: 'operator@example.org',
    otherwise: 'nobody',
    check: check.mailbox,
  },
  NEWSLETTER_NAME: {
    meaning: 'the name in the masthead and the subject',
    default: 'Daily Papers',
    check: check.line,
  },
  DIGEST: {
    meaning: 'where the papers come from: files, URLs, sample',
    default: 'https://huggingface.co/api/daily_papers',
    check: check.digestPlaces,
  },
  DIGEST_ALLOW_PRIVATE: {
    meaning: 'whether DIGEST may lead to this machine or a private network: yes or no',
    example: 'yes',
    default: 'no',
    check: check.yesOrNo,
  },
  PAPERS: {
    meaning: 'how many papers an edition carries, 1 to 50',
    default: '10',
    check: check.wholeNumber(1, 50),
  },
  SCHEDULE: {
    meaning: 'when the daily edition goes out: minute, hour, day, month, weekday',
    default: '0 8 * * *',
    check: checkCron,
  },
  WEEKLY_SCHEDULE: {
    meaning: 'when the weekly edition goes out, in the same way; or never',
    default: '0 9 * * 1',
    check: check.cronOrNever,
  },
  CATCH_UP: {
    meaning: 'how late an edition may go out that was missed while nothing ran; 0 for never',
    default: '12h',
    check: check.duration,
  },
  TIMEZONE: {
    meaning: 'the time zone of SCHEDULE and of the day on an edition',
    example: 'Europe/Berlin',
    otherwise: "the system's",
    check: check.timeZone,
  },
  PUBLIC_URL: {
    meaning: 'the https address at which readers reach this server',
    example: 'https://papers.example.org',
    check: check.publicUrl,
  },
  HOST: {
    meaning: 'the address on which to listen for web requests',
    default: '127.0.0.1',
    check: check.line,
  },
  PORT: {
    meaning: 'the port on which to listen for web requests',
    default: '3000',
    check: check.wholeNumber(1, 65_535),
  },
  DESK_PASSWORD: {
    meaning: 'the password of the desk, at least 10 characters',
    example: 'correct-horse-battery',
    otherwise: 'the desk is open to this machine alone',
    secret: true,
    check: check.password,
  },
  TRUST_PROXY: {
    meaning: "the proxies that tell a reader's address: IP addresses, networks, or loopback",
    example: 'loopback,10.0.0.0/8',
    otherwise: 'none',
    check: check.proxies,
  },
  DATABASE_URL: {
    meaning: 'the database, relative to the working directory',
    default: 'sqlite:subscribers/paperround.db',
    check: check.database,
  },
  LANES: {
    meaning: 'how many SMTP connections deliver at the same time, 1 to 100',
    default: '10',
    check: check.wholeNumber(1, 100),
  },
  SEND_RATE: {
    meaning: 'the most messages per s, min, h or day; several limits with commas',
    example: '50/s,30/min,500/day',
    otherwise: 'no limit',
    check: check.sendRate,
  },
  DKIM_DOMAIN: {
    meaning: 'the domain that signs the mail: that of MAIL_FROM or one above it',
    example: 'example.org',
    otherwise: 'mail is not signed',
    check: mailCheck.domain,
  },
  DKIM_SELECTOR: {
    meaning: 'the name of the signing key in the DNS',
    example: 'papers',
    check: mailCheck.selector,
  },
  DKIM_KEY: {
    meaning: 'the RSA private key to sign with, PEM; `paperround dkim` makes one',
    example: 'dkim.pem',
    secret: true,
    shownAsFile: true,
    check: mailCheck.privateKey,
  },
  DKIM_HEADERS: {
    meaning: 'which headers are signed (with Amazon SES never Date and Message-ID)',
    example: 'From,To,Subject,List-Unsubscribe,List-Unsubscribe-Post',
    otherwise: 'all',
    check: mailCheck.headerNames,
  },
  TEMPLATES: {
    meaning: 'a folder of templates of your own',
    example: 'my-templates',
    otherwise: 'those that come along',
    check: check.line,
  },
  LOG_LEVEL: {
    meaning: `how much is logged: ${check.logLevels.join(', ')}`,
    default: 'info',
    check: check.oneOf(check.logLevels),
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;

/** The names of all settings, in the table's order. */
export const settingNames = Object.keys(settings) as readonly SettingName[];

/** The setting of that name, without the narrow type of its value. */
export function settingOf(name: SettingName): Setting {
  return settings[name];
}

/** A line for `.env` with the setting's example. */
export function exampleLine(name: SettingName): string {
  const setting = settingOf(name);
  return `${name}${setting.shownAsFile ? '_FILE' : ''}=${setting.example ?? setting.default}`;
}

/** What a setting's check makes of its text. */
type Value<N extends SettingName> =
  ReturnType<(typeof settings)[N]['check']> extends Checked<infer T> ? T : never;

/** Every setting's value: null only where there is no default and none was given. */
export type Values = {
  readonly [N in SettingName]: (typeof settings)[N] extends { readonly default: string }
    ? Value<N>
    : Value<N> | null;
};
