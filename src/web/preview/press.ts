import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { editionKey } from '../../delivery/prepare.ts';
import type { Edition } from '../../edition/edition.ts';
import { editionPath } from '../../edition/edition.ts';
import { checkEdition } from '../../mail/check/check.ts';
import { featureNames } from '../../mail/check/compatibility.ts';
import type { Finding, TemplateFile } from '../../mail/check/finding.ts';
import { readMail } from '../../mail/check/read-mail.ts';
import { type DkimKey, fillSigned } from '../../mail/message/dkim.ts';
import { buildWireTemplate, type Sender } from '../../mail/message/wire-template.ts';
import { TooLargeError } from '../../mail/render/budget.ts';
import { mjmlToHtml } from '../../mail/render/mjml.ts';
import type { Masthead, Rendered } from '../../mail/render/rendered.ts';
import { fillSlots } from '../../mail/render/rendered.ts';
import { createRenderer } from '../../mail/render/renderer.ts';
import { TemplateError } from '../../mail/render/templates.ts';

/** What proofs are made with: what an edition would be sent with. */
export type PressParts = {
  /** The folder with the templates of mails. */
  readonly templates: string;
  readonly masthead: Masthead;
  readonly sender: Sender;
  readonly dkim: DkimKey | null;
  /** UTC ms. */
  readonly now: () => number;
};

/** A trial print: an edition as one made-up reader would get it, and what is found in it. */
export type Proof = {
  readonly edition: Edition;
  readonly rendered: Rendered;
  readonly html: string;
  readonly text: string;
  /** The whole message in wire form, a character an octet. */
  readonly source: string;
  readonly findings: readonly Finding[];
};

/** Makes proofs with the templates as they are now; for others it takes another press. */
export type Press = {
  /** Throws a TemplateError or InputError as the renderer does. */
  prove(edition: Edition): Promise<Proof>;
};

/** Stands for a reader's token: leads to no one. */
const token = 'preview-preview-preview-preview-preview-pr';
const values = { unsubscribe: token, preferences: token };
const reader = { address: 'reader@example.org', reader: '1', ...values };

/** A press with the templates in a folder. `baseline` is `emptyFeatures()`. */
export function createPress(parts: PressParts, baseline: ReadonlySet<string>): Press {
  const { templates, masthead, sender, dkim, now } = parts;
  const renderer = createRenderer({ templates });
  return {
    async prove(edition) {
      const path = editionPath(edition, editionKey(edition));
      const rendered = await renderer.renderEdition(edition, masthead, { path }).catch(error => {
        throw error instanceof TooLargeError ? blamed(error, mailTemplates(templates)) : error;
      });
      const wire = buildWireTemplate(rendered, sender, { sendAt: now(), seed: 'preview' });
      const segments = await fillSigned(wire, reader, dkim, now);
      const mail = {
        subject: rendered.subject,
        preheader: rendered.preheader,
        html: fillSlots(rendered.html, rendered.slots, values),
        text: fillSlots(rendered.text, rendered.slots, values),
        source: Buffer.concat(segments).toString('latin1'),
      };
      const home = masthead.links.style === 'web' ? masthead.links.base : null;
      const against = { baseline, templates: mailTemplates(templates), home };
      return { edition, rendered, ...mail, findings: checkEdition(mail, against) };
    },
  };
}

const emptyDocument =
  '<mjml><mj-head><mj-title>A</mj-title><mj-preview>A</mj-preview></mj-head><mj-body><mj-section><mj-column><mj-text>A</mj-text></mj-column></mj-section></mj-body></mjml>';

/** What MJML makes use of by itself. */
export async function emptyFeatures(): Promise<ReadonlySet<string>> {
  return featureNames(readMail(await mjmlToHtml(emptyDocument)));
}

/** The templates that the HTML of an edition is made of, as messages name them. */
export function mailTemplates(folder: string): readonly TemplateFile[] {
  return ['edition', 'partials'].flatMap(part =>
    readdirSync(join(folder, part))
      .filter(file => file.endsWith('.mjml.hbs'))
      .map(file => {
        const path = join(folder, part, file);
        return { path: shownPath(path), text: readFileSync(path, 'utf8') };
      }),
  );
}

/** Says which line of the templates is the longest: what is too large without papers is there. */
function blamed(error: TooLargeError, templates: readonly TemplateFile[]): TemplateError {
  const lines = templates.flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, at) => ({ file: path, line: at + 1, bytes: Buffer.byteLength(line) })),
  );
  const [longest = { file: 'templates', line: null, bytes: 0 }] = lines.sort(
    (a, b) => b.bytes - a.bytes,
  );
  const what = `${error.message}; the longest line of the templates has ${longest.bytes} of them`;
  return new TemplateError(longest, what, error);
}

/** A path as one would type it here. */
export function shownPath(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}
