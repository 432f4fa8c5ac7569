import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadTemplates } from './templates.ts';

/** The desk's pages, as HTML. A page's view is as its template in `templates/desk/` asks for it. */
export type DeskPages = {
  login(view: { readonly byPassword: boolean; readonly problem: string | null }): string;
  /** Says why something was not done. */
  problem(problem: string): string;
  page(name: string, view: object): string;
  /** A part of a page, without what stands around it. */
  part(name: string, view: object): string;
  /** What `/desk/desk.css` and so on answer. */
  file(name: 'desk.css' | 'desk.js' | 'preview.js'): string;
};

/** Makes the desk's pages with the templates that come along; `name` is the newsletter's. */
export function createDeskPages({
  templates,
  name,
}: {
  readonly templates: string;
  readonly name: string;
}): DeskPages {
  const template = loadTemplates(templates);
  const fill = (file: string, view: object) =>
    template(`desk/${file}.hbs`)({
      site: { name },
      signedIn: true,
      chooser: null,
      at: '',
      back: null,
      ...view,
    });
  return {
    login: view => fill('login', { ...view, signedIn: false }),
    problem: problem => fill('problem', { problem }),
    page: fill,
    part: fill,
    file: file => readFileSync(join(templates, 'desk', file), 'utf8'),
  };
}
