import { fillSigned } from '../mail/message/dkim.ts';
import { sizeOf } from '../mail/message/fill.ts';
import { buildWireTemplate } from '../mail/message/wire-template.ts';
import { makeToken } from '../readers/token.ts';
import type { Prepared } from './prepare.ts';
import type { Publishing } from './publish.ts';
import { wordsOf } from './reply.ts';
import type { ConnectFailure, Connection } from './smtp.ts';

/**
 * Sends an edition to the editor's own address, with "[Test]" in the subject. No row is written
 * and no pick used up; its links are the token of subscriber 0, who is nobody.
 * @returns null, or why it was not sent, in the server's words.
 */
export async function sendTest(
  { runtime, sender, dkim, linkKey }: Pick<Publishing, 'runtime' | 'sender' | 'dkim' | 'linkKey'>,
  { rendered }: Pick<Prepared, 'rendered'>,
  address: string,
  connect: () => Promise<Connection | ConnectFailure>,
): Promise<string | null> {
  const test = { ...rendered, subject: `[Test] ${rendered.subject}` };
  const seed = runtime.random(10).toString('hex');
  const wire = buildWireTemplate(test, sender, { sendAt: runtime.now(), seed });
  const values = {
    address,
    reader: 'test',
    unsubscribe: makeToken(linkKey, 'unsubscribe', 0, 0),
    preferences: makeToken(linkKey, 'preferences', 0, 0),
  };
  const segments = await fillSigned(wire, values, dkim, runtime.now);
  const connection = await connect();
  if ('kind' in connection) return wordsOf(connection);
  const from = sender.from.address;
  const result = await connection.send({ from, to: address, size: sizeOf(segments), segments });
  connection.close();
  return result.kind === 'accepted' ? null : wordsOf(result);
}
