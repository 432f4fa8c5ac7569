import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UsageError } from './errors.ts';

/** A secret that is known, or a command that prints a fresh one each time it is needed. */
export type Secret =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly command: string };

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
