import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, messageOf, UsageError } from '../lib/errors.ts';
import type { ProxySettings } from '../sources/fetch/connect.ts';
import { type Config, decideConfig } from './decide.ts';
import type { Secret } from './decide-mail.ts';
import { readSettings } from './read.ts';

export {
  type Config,
  decideConfig,
  requireSending,
  type SendingConfig,
} from './decide.ts';
export type { SmtpConfig } from './decide-mail.ts';
export {
  describeConfig,
  envExample,
  type SettingRow,
  settingsHelp,
  settingsTable,
} from './describe.ts';
export { domain, selector } from './mail-checks.ts';
export { readSettings } from './read.ts';

/**
 * The settings of this process: its environment, and `.env` in the working directory (or another).
 * The only reader of the environment. Throws a UsageError that lists all that is wrong.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  directory = '.',
): Config {
  const read = (path: string) => readFileSync(resolve(directory, path), 'utf8');
  const secretFiles: string[] = [];
  const readSecret = (path: string) => {
    secretFiles.push(resolve(directory, path));
    return read(path);
  };
  const raw = readSettings(env, readDotenv(read), readSecret);
  return decideConfig(raw, { timeZone: systemTimeZone(), proxy: proxyOf(env), secretFiles });
}

/** The proxies, from the same variables that other programs read; the lower-case name goes first. */
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
    if (codeOf(error) === 'ENOENT') return null;
    throw new UsageError(`cannot read .env: ${messageOf(error)}`, { cause: error });
  }
}

/** UTC where the system has no zone that Node knows. */
function systemTimeZone(): string {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone && timeZone !== 'Etc/Unknown' ? timeZone : 'UTC';
}

const run = promisify(execFile);

/** The secret's text. Throws a UsageError where its command fails or prints nothing. */
export async function reveal(secret: Secret): Promise<string> {
  if (secret.kind === 'text') return secret.text;
  const { stdout } = await run('/bin/sh', ['-c', secret.command], { timeout: 30_000 }).catch(
    ({ code, stderr }) => {
      const said = String(stderr ?? '')
        .trim()
        .split('\n')[0];
      throw new UsageError(`SMTP_PASSWORD_COMMAND failed (${code ?? 'it took too long'}): ${said}`);
    },
  );
  const text = stdout.replace(/\r?\n$/, '');
  if (text === '') throw new UsageError('SMTP_PASSWORD_COMMAND printed nothing');
  return text;
}
