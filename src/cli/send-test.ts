import { type App, smtpOf } from '../app.ts';
import type { Prepared } from '../delivery/prepare.ts';
import { sendTest } from '../delivery/preview.ts';
import { openConnection } from '../delivery/smtp.ts';
import { InputError } from '../lib/errors.ts';
import { type Io, say } from './io.ts';
import { report } from './send-report.ts';

/** Sends the edition to the editor's own address; nothing is recorded. */
export async function sendTestMail(
  io: Io,
  app: App,
  prepared: Prepared,
  address: string,
  options: { readonly json?: true },
): Promise<number> {
  const smtp = smtpOf(app.config);
  const refused = await sendTest(app.publishing, prepared, address, () => openConnection(smtp));
  if (refused) throw new InputError(`the test was not sent: ${refused}`);
  say(io, `A test was sent to ${address}.`);
  const { kind, date, picks } = prepared.edition;
  return report(io, options, {
    edition: null,
    kind,
    date,
    papers: picks.length,
    reason: 'test',
    recipients: 1,
    sent: 1,
  });
}
