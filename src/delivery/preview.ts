import type { Runtime } from '../lib/runtime.ts';
import type { Finding } from '../mail/check/finding.ts';
import { type DkimKey, fillSigned } from '../mail/message/dkim.ts';
import { sizeOf } from '../mail/message/fill.ts';
import { buildWireTemplate, type Sender } from '../mail/message/wire-template.ts';
import { fillSlots, type Rendered } from '../mail/render/rendered.ts';
import { mailTemplates } from '../mail/render/templates.ts';
import { makeToken } from '../readers/token.ts';
import type { LinkKey } from '../store/settings.ts';
import type { Prepared, PrepareParts } from './prepare.ts';
import { wordsOf } from './reply.ts';
import type { ConnectFailure, Connection } from './smtp.ts';

/** An edition as one made-up reader would get it, and what the checks found in it. */
export type Preview = Pick<Prepared, 'edition' | 'rendered'> & {
  readonly html: string;
  readonly text: string;
  /** The whole message in wire form, a character an octet. */
  readonly source: string;
  readonly findings: readonly Finding[];
};

/** What a preview is made with: what an edition would be sent with. */
export type PreviewParts = Pick<PrepareParts, 'masthead'> & {
  readonly runtime: Runtime;
  readonly sender: Sender;
  readonly dkim: DkimKey | null;
  /** The folder of the templates that the edition was rendered with. */
  readonly templates: string;
};

/** Stands for a reader's token: leads to no one. */
const token = 'preview-preview-preview-preview-preview-pr';
const madeUp = { unsubscribe: token, preferences: token };

/** Fills in and checks what was rendered. */
export async function previewOf(
  { runtime, masthead, sender, dkim, templates }: PreviewParts,
  { edition, rendered }: Pick<Prepared, 'edition' | 'rendered'>,
): Promise<Preview> {
  const wire = buildWireTemplate(rendered, sender, { sendAt: runtime.now(), seed: 'preview' });
  const reader = { address: 'reader@example.org', reader: '1', ...madeUp };
  const segments = await fillSigned(wire, reader, dkim, runtime.now);
  const { subject, preheader, slots } = rendered;
  const mail = {
    subject,
    preheader,
    html: fillSlots(rendered.html, slots, madeUp),
    text: fillSlots(rendered.text, slots, madeUp),
    source: Buffer.concat(segments).toString('latin1'),
  };
  const home = masthead.links.style === 'web' ? masthead.links.base : null;
  // Loaded when they are wanted: whoever delivers for weeks checks nothing.
  const { checkEdition } = await import('../mail/check/check.ts');
  const findings = checkEdition(mail, { templates: mailTemplates(templates), home });
  return { edition, rendered, ...mail, findings };
}

/** What a test is sent with. */
export type TestParts = Pick<PreviewParts, 'runtime' | 'sender' | 'dkim'> & {
  readonly linkKey: LinkKey;
};

/**
 * Sends an edition to the editor's own address, with "[Test]" in the subject. No row is written
 * and no pick used up; its links are the token of subscriber 0, who is nobody.
 * @returns null, or why it was not sent, in the server's words.
 */
export async function sendTest(
  { runtime, sender, dkim, linkKey }: TestParts,
  { rendered }: { readonly rendered: Rendered },
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
