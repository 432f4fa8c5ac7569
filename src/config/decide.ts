import type { NamedAddress } from '../lib/address.ts';
import { UsageError } from '../lib/errors.ts';
import type { Mailbox } from '../mail/message/encoding.ts';
import type { LinkStyle } from '../mail/render/rendered.ts';
import type { ProxySettings } from '../sources/fetch/connect.ts';
import { decideDkim, decideSmtp, type SmtpConfig } from './decide-mail.ts';
import { providerOf } from './providers.ts';
import type { Given, RawSettings } from './read.ts';
import { exampleLine, type SettingName, settingNames, settingOf, type Values } from './table.ts';

/** All settings, checked, typed and decided: what `decideConfig` says of each. */
export type Config = Readonly<ReturnType<typeof decideConfig>>;

/** A config with all that sending needs. */
export type SendingConfig = Config & {
  readonly smtp: SmtpConfig;
  readonly from: Mailbox;
  readonly postalAddress: string;
};

/** What a decision needs to know of the machine. */
export type System = {
  readonly timeZone: string;
  readonly proxy?: ProxySettings;
  /** The files that secrets were read from. */
  readonly secretFiles?: readonly string[];
};

/** If none of these is given, it is the demo. */
const realSettings = ['SMTP_URL', 'DATABASE_URL', 'PUBLIC_URL', 'MAIL_FROM', 'HOST'] as const;

/**
 * Decides everything from the settings' texts. Throws one UsageError that lists all that is
 * wrong, a line each.
 */
export function decideConfig(raw: RawSettings, system: System) {
  const problems = [...raw.problems];
  const mode: 'demo' | 'real' = realSettings.some(name => raw.given.has(name)) ? 'real' : 'demo';
  const given = mode === 'demo' ? withDemo(raw.given) : raw.given;
  const provider = providerOf(given.get('SMTP_URL')?.text ?? '');
  const values = readValues(given, provider?.limits ?? {}, problems);
  const smtp = decideSmtp(values, problems);
  const dkim = decideDkim(values, raw.given, problems);
  if (problems.length > 0) throw new UsageError(listProblems(problems));
  const publicUrl = mode === 'demo' ? `http://127.0.0.1:${values.PORT}` : values.PUBLIC_URL;
  return {
    mode,
    /** The relay; null in the demo (which has its own server) and where it is not set. */
    smtp,
    /** Named after the newsletter unless MAIL_FROM has a name. */
    from: values.MAIL_FROM && toMailbox(values.MAIL_FROM, values.NEWSLETTER_NAME),
    replyTo: values.REPLY_TO && toMailbox(values.REPLY_TO, null),
    /** Null where messages are not signed. */
    dkim,
    /** An origin without a slash at its end; https but on this machine. */
    publicUrl,
    // Readers elsewhere cannot follow a link to this machine, except in the demo.
    links: linksTo(publicUrl?.startsWith('https:') || mode === 'demo' ? publicUrl : null),
    newsletterName: values.NEWSLETTER_NAME,
    postalAddress: values.POSTAL_ADDRESS,
    /** Paths, URLs, `arxiv:` lists or `sample`, as one text. */
    digest: values.DIGEST,
    /** Whether URLs of digests may lead to this machine or a private network. */
    digestAllowPrivate: values.DIGEST_ALLOW_PRIVATE,
    /** The proxies of this machine; they may hold a password. */
    proxy: system.proxy ?? { http: null, https: null, except: '' },
    secretFiles: system.secretFiles ?? [],
    /** Five crontab fields. */
    schedule: values.SCHEDULE,
    /** The same; null for never. */
    weeklySchedule: values.WEEKLY_SCHEDULE,
    /** How late an edition may go out, in ms. */
    catchUp: values.CATCH_UP,
    /** Who is told where an edition could not go out. */
    admin: values.ADMIN_EMAIL && toMailbox(values.ADMIN_EMAIL, null),
    /** An IANA name. */
    timeZone: values.TIMEZONE ?? system.timeZone,
    papers: values.PAPERS,
    /** `path` is as given: relative to the working directory unless absolute. */
    database: values.DATABASE_URL,
    /** The provider behind the SMTP host, where its limits are known. */
    provider,
    lanes: values.LANES,
    /** All of them hold at once; empty where there is no limit. */
    sendRate: values.SEND_RATE ?? [],
    host: values.HOST,
    port: values.PORT,
    /** Null where the desk answers this machine alone. */
    deskPassword: values.DESK_PASSWORD,
    /** Networks of proxies whose X-Forwarded-For is believed, `10.0.0.0/8`; often none. */
    trustProxy: values.TRUST_PROXY ?? [],
    /** The folder with templates of one's own. */
    templates: values.TEMPLATES,
    logLevel: values.LOG_LEVEL,
    /** What was given, and where. Holds secrets: show it through `describeConfig` only. */
    given,
  };
}

/** The demo's own database and sender; its digest and log level only where none is given. */
function withDemo(given: Given): Given {
  const demo = {
    DATABASE_URL: 'sqlite:subscribers/demo/paperround.db',
    MAIL_FROM: 'papers@demo.example',
    DIGEST: 'sample',
    // The terminal shows where to look, and log lines only if something is wrong.
    LOG_LEVEL: 'warn',
  } as const;
  const entries = Object.entries(demo) as [SettingName, string][];
  return new Map([
    ...entries.map(([name, text]) => [name, { text, from: 'demo' }] as const),
    ...given,
  ]);
}

/** `otherwise`: values for settings that were not given, before the table's defaults. */
function readValues(
  given: Given,
  otherwise: Partial<Record<SettingName, string>>,
  problems: string[],
): Values {
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const name of settingNames) {
    const setting = settingOf(name);
    const text = given.get(name)?.text ?? otherwise[name] ?? setting.default;
    const checked = text === undefined ? null : setting.check(text);
    if (checked && !checked.ok) {
      problems.push(`${name}: ${checked.problem}. For example: ${exampleLine(name)}`);
    }
    values[name] = checked?.ok ? checked.value : null;
  }
  // A value that failed its check is null against its type; `decideConfig` throws because of its
  // problem before it is used.
  return values as Values;
}

function toMailbox({ name, address }: NamedAddress, otherwise: string | null): Mailbox {
  return { name: name ?? otherwise, address: address.address };
}

function linksTo(base: string | null): LinkStyle {
  return base === null ? { style: 'reply' } : { style: 'web', base };
}

/** The config with all that sending needs; throws a UsageError that names what is missing. */
export function requireSending(config: Config): SendingConfig {
  const { smtp, from, postalAddress } = config;
  if (config.mode === 'real' && smtp && from && postalAddress !== null) {
    return { ...config, smtp, from, postalAddress };
  }
  throw missing(config, ['SMTP_URL', 'MAIL_FROM', 'POSTAL_ADDRESS']);
}

function missing({ given }: Config, needed: readonly SettingName[]): UsageError {
  const names = needed.filter(name => (given.get(name)?.from ?? 'demo') === 'demo');
  const lines = names.map(name => `  ${exampleLine(name)}`);
  return new UsageError(
    `Cannot send: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} not set. For example:\n${lines.join('\n')}`,
  );
}

function listProblems(problems: readonly string[]): string {
  const [only] = problems;
  if (problems.length === 1 && only !== undefined) return only;
  return `${problems.length} settings cannot be used:\n${problems.map(problem => `  ${problem}`).join('\n')}`;
}
