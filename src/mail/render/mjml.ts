import { join } from 'node:path';
import Handlebars from 'handlebars';
import type mjml2html from 'mjml';
import { messageOf } from '../../lib/errors.ts';
import { loadTemplates, TemplateError } from './templates.ts';

const options = {
  validationLevel: 'strict',
  // An `<mj-include>` never reads a file, whoever wrote it.
  ignoreIncludes: true,
  // The default would fetch fonts from Google.
  fonts: {},
} as const;

/**
 * `source` as HTML, without the white space that MJML indents with. MJML's own minifier is not used:
 * it would take longer than all the rest. Rejects with MJML's own error where it is not valid.
 */
export async function mjmlToHtml(source: string): Promise<string> {
  // Loaded when first needed: loading takes longer than most commands that do without it.
  const { default: convert } = await import('mjml');
  const { html } = await convert(source, options);
  return `${html.replace(/\s*\n\s*/g, '\n').trim()}\n`;
}

/**
 * The HTML of `source`, which `file` in `folder` made of `view`. Throws a TemplateError at a fault
 * that MJML found, with the place in a template where it was written.
 */
export async function templateToHtml(
  folder: string,
  file: string,
  source: string,
  view: object,
): Promise<string> {
  try {
    return await mjmlToHtml(source);
  } catch (error) {
    const [fault] = faultsOf(error);
    const place = fault ? findLine(folder, file, view, fault.line) : null;
    const what = fault ? `<${fault.tagName}>: ${fault.message}` : messageOf(error);
    throw new TemplateError(place ?? { file: join(folder, file) }, what, error);
  }
}

/** What MJML's validator found. */
function faultsOf(error: unknown): Awaited<ReturnType<typeof mjml2html>>['errors'] {
  const { errors } = error instanceof Error && 'errors' in error ? error : { errors: [] };
  return Array.isArray(errors) ? errors : [];
}

const mark = /\ue000(.*?)\ue001(\d+)\ue002/g;

/**
 * Where line `line` (from 1) of what `file` in `folder` makes of `view` was written. Fills in the
 * template again with marks at the start of its lines, so it is for when something went wrong.
 */
function findLine(
  folder: string,
  file: string,
  view: object,
  line: number,
): { file: string; line: number } | null {
  const marked = loadTemplates(folder, (program, path) => new Marker(path).accept(program));
  const lines = marked(file)(view).split('\n');
  // A mark stands before its text: take the last one at the start of the line, else the last before it.
  const atStart = /^(?:\ue000.*?\ue001\d+\ue002)*/.exec(lines[line - 1] ?? '')?.[0] ?? '';
  const before = atStart || lines.slice(0, line).join('\n');
  const [, path, number] = [...before.matchAll(mark)].at(-1) ?? [];
  return path ? { file: path, line: Number(number) } : null;
}

/** Puts a mark with path and line before each line of a template's own text. */
class Marker extends Handlebars.Visitor {
  readonly path: string;

  constructor(path: string) {
    super();
    this.path = path;
  }

  override ContentStatement(content: hbs.AST.ContentStatement): void {
    const { original, value, loc } = content;
    if (!value) return;
    // Handlebars drops white space beside blocks; the lines in it still count.
    const dropped = String(original).slice(0, String(original).indexOf(value));
    const first = loc.start.line + dropped.split('\n').length - 1;
    const lines = value
      .split('\n')
      .map((text, at) => `\ue000${this.path}\ue001${first + at}\ue002${text}`);
    content.value = lines.join('\n');
  }
}
