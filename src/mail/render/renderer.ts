import { fork } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Edition } from '../../edition/edition.ts';
import { type Checked, InputError } from '../../lib/errors.ts';
import type { NoticeAbout, NoticePurpose } from '../../lib/notice.ts';
import { countSteps, describeTrim, extentAt, fitBudget, TooLargeError } from './budget.ts';
import { faultOfHtml, faultOfText } from './faults.ts';
import { templateToHtml } from './mjml.ts';
import { type RenderedNotice, renderNotice } from './notices.ts';
import type { Masthead, Rendered } from './rendered.ts';
import { makeSlots } from './rendered.ts';
import { blameLongestLine, loadTemplates, TemplateError } from './templates.ts';
import { type EditionView, editionViewer, type FooterView, viewFooter } from './view.ts';

/** What a mail links to beside its papers. */
export type RenderOptions = {
  /** The edition's page below `/editions/`; null for none. A daily edition's is its date. */
  readonly path?: string | null;
  /** Whether there is a page where a reader changes what they get: wherever mails link back. */
  readonly preferences?: boolean;
};

export type Renderer = {
  /**
   * The edition as a mail within the size budget. Throws a TemplateError (an InputError) at a
   * fault in a template, also where it is so large that not even the first paper fits.
   */
  renderEdition(edition: Edition, masthead: Masthead, options?: RenderOptions): Promise<Rendered>;
  /**
   * A mail to one person, whoever that is; its masthead has links, but where it is the operator.
   * Throws a TemplateError (an InputError) at a fault in a template.
   */
  renderNotice(
    purpose: NoticePurpose,
    masthead: Masthead,
    about?: NoticeAbout,
  ): Promise<RenderedNotice>;
};

/** What the edition's templates are filled in with. */
type MailView = EditionView & { readonly name: string; readonly footer: FooterView };

const htmlFile = 'edition/edition.mjml.hbs';
const textFile = 'edition/edition.txt.hbs';

/** Renders with the templates in the folder `templates`, which are compiled once. */
export function createRenderer({ templates }: { readonly templates: string }): Renderer {
  const template = loadTemplates(templates);

  const toHtml = async (source: string, view: MailView): Promise<string> => {
    const html = await templateToHtml(templates, htmlFile, source, view);
    refuse(join(templates, htmlFile), faultOfHtml(html, source, view));
    return html;
  };
  const toText = (view: MailView): string => {
    const text = template(textFile)(view);
    refuse(join(templates, textFile), faultOfText(text, view));
    return text;
  };

  return {
    renderNotice: (...what) => renderNotice(templates, template, ...what),
    async renderEdition(edition, masthead, options = {}) {
      const {
        path = edition.kind === 'daily' ? edition.date : null,
        preferences = masthead.links.style === 'web',
      } = options;
      const slots = makeSlots([edition, masthead, path], preferences);
      const footer = viewFooter(masthead, slots, path);
      const amount = { picks: edition.picks.length, also: edition.also.length };
      const viewOf = editionViewer(edition);
      const viewAt = (step: number): MailView => ({
        ...viewOf(extentAt(step, amount)),
        name: masthead.name,
        footer,
      });
      const sourceOf = template(htmlFile);

      const { step, view, html, text } = await fitBudget(
        countSteps(amount),
        step => Buffer.byteLength(sourceOf(viewAt(step))),
        async step => {
          const view = viewAt(step);
          const source = sourceOf(view);
          const [html, text] = [await toHtml(source, view), toText(view)];
          const bytes = Math.max(Buffer.byteLength(html), Buffer.byteLength(text));
          return { step, view, html, text, bytes, estimate: Buffer.byteLength(source) };
        },
      ).catch((error: unknown) => {
        throw error instanceof TooLargeError ? blameLongestLine(templates, error) : error;
      });
      const { subject, preheader, picks } = view;
      const trimmed = describeTrim(extentAt(step, amount), amount);
      return { subject, preheader, html, text, slots, picks: picks.length, trimmed };
    },
  };
}

function refuse(file: string, fault: string | null): void {
  if (fault) throw new TemplateError({ file }, fault);
}

/** What the script of the short-lived process is asked: one call, with its arguments. */
export type RenderRequest = { readonly templates: string } & (
  | { readonly edition: Parameters<Renderer['renderEdition']> }
  | { readonly notice: Parameters<Renderer['renderNotice']> }
);

/** What it answers: the mail, or what is wrong with a template or paper. */
export type RenderAnswer = Checked<Rendered | RenderedNotice>;

/**
 * Renders each mail in a process of its own that ends with it: MJML takes 75 MB once it is loaded,
 * and what delivers runs for hours. Throws an InputError as the renderer does.
 */
export function createChildRenderer({ templates }: { readonly templates: string }): Renderer {
  return {
    renderEdition: (...edition) => renderInChild<Rendered>({ templates, edition }),
    renderNotice: (...notice) => renderInChild<RenderedNotice>({ templates, notice }),
  };
}

const script = fileURLToPath(new URL('./child.js', import.meta.url));

function renderInChild<T extends Rendered | RenderedNotice>(request: RenderRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    // "advanced" keeps every string as it is, lone surrogates too.
    const child = fork(script, { serialization: 'advanced', execArgv: [] });
    child.once('error', reject);
    child.once('exit', code => reject(new Error(`rendering ended early (exit ${code})`)));
    child.once('message', (answer: RenderAnswer) => {
      // The child answers what it was asked for.
      if (answer.ok) resolve(answer.value as T);
      else reject(new InputError(answer.problem));
    });
    child.send(request);
  });
}
