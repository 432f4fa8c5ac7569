import { createPrivateKey, generateKeyPair } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { type Config, loadConfig } from '../config/config.ts';
import { codeOf, InputError, messageOf, UsageError } from '../lib/errors.ts';
import { dkimRecord, zoneLine } from '../mail/message/dkim.ts';
import { answer, exitCodes, type Io, say } from './io.ts';

type Options = { readonly domain?: string; readonly selector?: string; readonly out?: string };

/**
 * Shows what goes into the DNS for the key that is set; makes a key where none is, or where one is
 * asked for by its selector or file.
 */
export async function showDkim(io: Io, options: Options): Promise<number> {
  const config = loadConfig();
  if (config.dkim && !options.domain && !options.selector && !options.out) {
    say(io, 'The record for the key that is set:');
    answer(io, describeRecord(dkimRecord(config.dkim)));
    return exitCodes.done;
  }
  const domain = options.domain ?? config.dkim?.domain ?? domainOf(config);
  const selector = options.selector ?? 'papers';
  const file = options.out ?? 'dkim.pem';
  const pem = await makeKey();
  await writeKey(file, pem);
  say(io, `The private key is in ${file}: keep it to yourself.`);
  const record = dkimRecord({ domain, selector, key: createPrivateKey(pem) });
  answer(io, `${describeRecord(record)}\n\n${describeSettings(domain, selector, file)}`);
  return exitCodes.done;
}

function domainOf({ mode, from }: Config): string {
  if (mode === 'real' && from) return from.address.replace(/^.*@/, '');
  throw new UsageError(
    'say for which domain: set MAIL_FROM, or for example paperround dkim --domain example.org',
  );
}

/** RFC 8301 §3.2 asks for 2048 bits; more would not fit into some providers' forms. */
async function makeKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2_048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** For the owner's eyes; what is there stays, since mail may be signed with it. */
async function writeKey(file: string, pem: string): Promise<void> {
  try {
    await writeFile(file, pem, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new InputError(
      codeOf(error) === 'EEXIST'
        ? `${file} is there already and was left as it is; name another file with --out`
        : `cannot write the key: ${messageOf(error)}`,
      { cause: error },
    );
  }
}

function describeRecord(record: ReturnType<typeof dkimRecord>): string {
  return `The TXT record for the DNS:
  name   ${record.name}
  value  ${record.value}

The same as a zone file has it, in strings of at most 255 characters:
${zoneLine(record)}`;
}

function describeSettings(domain: string, selector: string, file: string): string {
  return `Once receivers can find the record, the lines for .env:
DKIM_DOMAIN=${domain}
DKIM_SELECTOR=${selector}
DKIM_KEY_FILE=${/\s|#|^["'`]/.test(file) ? `"${file}"` : file}`;
}
