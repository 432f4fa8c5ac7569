import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { messageOf, UsageError } from '../lib/errors.ts';
import { type Config, decideConfig, type ProxySettings } from './decide.ts';
import { readSettings } from './read.ts';

export {
  type Config,
  decideConfig,
  type ProxySettings,
  requireSending,
  type Sender,
  type SendingConfig,
} from './decide.ts';
export {
  describeConfig,
  envExample,
  type SettingRow,
  settingsHelp,
  settingsTable,
} from './describe.ts';
export { domain, selector } from './dkim-checks.ts';
export { readSettings } from './read.ts';
export type { SmtpConfig } from './smtp.ts';

/**
 * The settings of this process: its environment, and `.env` in the working directory (or another).
 * The only reader of the environment. Throws a UsageError that lists all that is wrong.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  directory = '.',
): Config {
  const read = (path: string) => readFileSync(resolve(directory, path), 'utf8');
  const system = { timeZone: systemTimeZone(), proxy: proxyOf(env) };
  return decideConfig(readSettings(env, readDotenv(read), read), system);
}

/** The proxies as other programs are told of them, too; the lower-case name goes first. */
function proxyOf(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const named = (name: string) => env[name.toLowerCase()] || env[name] || null;
  return {
    http: named('HTTP_PROXY'),
    https: named('HTTPS_PROXY'),
    except: named('NO_PROXY') ?? '',
  };
}

function readDotenv(read: (path: string) => string): string | null {
  try {
    return read('.env');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new UsageError(`cannot read .env: ${messageOf(error)}`, { cause: error });
  }
}

/** UTC where the system has no zone that Node knows. */
function systemTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone && timeZone !== 'Etc/Unknown' ? timeZone : 'UTC';
}
