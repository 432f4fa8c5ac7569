import { join } from 'node:path';
import type { Edition } from '../edition/edition.ts';
import { pathOf, viewFooter } from './footer.ts';
import { mjmlToHtml } from './mjml.ts';
import type { Masthead, Rendered } from './rendered.ts';
import { makeSlots } from './slots.ts';
import { loadTemplates } from './templates.ts';
import { viewEdition } from './view.ts';

/** What a mail links to beside its papers. */
export type RenderOptions = {
  /** The edition's page below `/editions/`; null for none. A daily edition's is its date. */
  readonly path?: string | null;
  /** Whether there is a page where a reader changes what they get. */
  readonly preferences?: boolean;
};

export type Renderer = {
  /** The edition as a mail. Throws a TemplateError (an InputError) at a fault in a template. */
  renderEdition(edition: Edition, masthead: Masthead, options?: RenderOptions): Promise<Rendered>;
};

/** Renders with the templates in the folder `templates`, which are compiled once. */
export function createRenderer({ templates }: { readonly templates: string }): Renderer {
  const template = loadTemplates(templates);
  return {
    async renderEdition(edition, masthead, { path = pathOf(edition), preferences = false } = {}) {
      const slots = makeSlots([edition, masthead, path], preferences);
      const footer = viewFooter(masthead, slots, path);
      const extent = {
        lead: 520,
        summary: 320,
        picks: edition.picks.length,
        also: edition.also.length,
      };
      const view = { ...viewEdition(edition, extent), name: masthead.name, footer };
      const source = template('edition/edition.mjml.hbs')(view);
      const html = await mjmlToHtml(source, () => ({
        file: join(templates, 'edition/edition.mjml.hbs'),
        line: null,
      }));
      const text = template('edition/edition.txt.hbs')(view);
      return {
        subject: view.subject,
        preheader: view.preheader,
        html,
        text,
        slots,
        picks: view.picks.length,
        trimmed: [],
      };
    },
  };
}
