import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import Handlebars from 'handlebars';
import { InputError, messageOf } from '../../lib/errors.ts';
import { helpers } from './helpers.ts';

/** Fills in `view`; throws a TemplateError that names file and line. */
export type Template = (view: object) => string;

const extension = '.hbs';

/**
 * The templates in `folder`, by their path in it (`edition/edition.txt.hbs`), each read and
 * compiled when first used. Any may include any other: `{{> partials/pick.mjml}}`. In `.txt.hbs`
 * nothing is escaped, everywhere else everything is. A name that a template uses and the program
 * does not give is an error, not silence. `prepare` may change what was parsed.
 */
export function loadTemplates(
  folder: string,
  prepare?: (program: hbs.AST.Program, path: string) => void,
): (file: string) => Template {
  const handlebars = Handlebars.create();
  const blame = createBlame();
  handlebars.registerHelper(helpers);
  const templates = new Map<string, Template>();
  for (const file of listTemplates(folder)) {
    const template = lazily(() => {
      const path = join(folder, file);
      return blame(path, compileFile(handlebars, path, prepare));
    });
    templates.set(file, template);
    handlebars.registerPartial(file.slice(0, -extension.length), template);
  }
  return file => {
    const template = templates.get(file);
    if (!template) throw new TemplateError({ file: join(folder, file) }, 'there is no such file');
    return template;
  };
}

function listTemplates(folder: string): string[] {
  try {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return files.filter(file => file.endsWith(extension));
  } catch (error) {
    throw new TemplateError({ file: folder }, 'cannot be read; it should be a folder', error);
  }
}

/** A template that is compiled when first called. Further arguments are Handlebars' to a partial. */
function lazily(compile: () => Template): Template {
  let template: Template | undefined;
  return (...given) => {
    template ??= compile();
    return template(...given);
  };
}

function compileFile(
  handlebars: typeof Handlebars,
  path: string,
  prepare: ((program: hbs.AST.Program, path: string) => void) | undefined,
): Fill {
  try {
    const program = handlebars.parse(readFileSync(path, 'utf8'));
    new StrictArguments().accept(program);
    prepare?.(program, path);
    const noEscape = path.endsWith(`.txt${extension}`);
    return handlebars.compile(program, { strict: true, noEscape, preventIndent: true });
  } catch (error) {
    throw templateError(path, error);
  }
}

/** Makes `{{#if nmae}}` an error like `{{nmae}}`: `strict` alone accepts missing names in helpers. */
class StrictArguments extends Handlebars.Visitor {
  override PathExpression(path: hbs.AST.PathExpression): void {
    Object.assign(path, { strict: true });
  }
}

/** What Handlebars compiles a template to, and a block that one template hands to another. */
type Fill = (view: object, options?: { data?: Record<string, unknown> }) => string;

/**
 * Puts the blame on the file that a fault is written in. The block in `{{#> pages/layout}}` runs
 * inside of the layout, and is not the layout's fault.
 */
function createBlame(): (path: string, fill: Fill) => Fill {
  const block = 'partial-block';
  const blamed = new WeakSet<object>();
  let running: string | null = null;
  const blame = (path: string, fill: Fill): Fill => {
    const own: Fill = (view, options) => {
      const caller = running;
      const data = options?.data;
      const given = data?.[block];
      if (data && caller !== null && typeof given === 'function' && !blamed.has(given)) {
        data[block] = blame(caller, given as Fill);
      }
      running = path;
      try {
        return fill(view, options);
      } catch (error) {
        throw templateError(path, error);
      } finally {
        running = caller;
      }
    };
    blamed.add(own);
    return own;
  };
  return blame;
}

/** A template is at fault; the message begins with its file and, where known, the line. */
export class TemplateError extends InputError {
  override name = 'TemplateError';

  constructor(
    place: { readonly file: string; readonly line?: number | null },
    what: string,
    cause?: unknown,
  ) {
    super(`${place.line ? `${place.file}:${place.line}` : place.file}: ${what}`, { cause });
  }
}

/** What Handlebars threw while it read or ran `file`, with the line that it names. */
export function templateError(file: string, error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  const [summary = '', ...details] = messageOf(error).split('\n');
  const line = /\bline (\d+)/.exec(summary)?.[1] ?? lineNumber(error);
  // A parse error's last line says what was expected and what was found.
  const what = summary.startsWith('Parse error')
    ? `cannot be read: ${details.at(-1)}`
    : explain(summary);
  return new TemplateError({ file, line: line ? Number(line) : null }, what, error);
}

function lineNumber(error: unknown): number | null {
  const found =
    error && typeof error === 'object' && 'lineNumber' in error ? error.lineNumber : null;
  return typeof found === 'number' ? found : null;
}

function explain(summary: string): string {
  const unknown = /^"(.+)" not defined in /.exec(summary)?.[1];
  return unknown ? `there is no “${unknown}” here` : summary.replace(/ - \d+:\d+$/, '');
}

/** A path as one would type it here. */
export function shownPath(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}

/** The templates that the HTML of an edition is made of: their paths as one would type them, and texts. */
export function mailTemplates(folder: string): { readonly path: string; readonly text: string }[] {
  return ['edition', 'partials'].flatMap(part =>
    readdirSync(join(folder, part))
      .filter(file => file.endsWith('.mjml.hbs'))
      .map(file => join(folder, part, file))
      .map(path => ({ path: shownPath(path), text: readFileSync(path, 'utf8') })),
  );
}

/** Blames the longest line of the templates: what is too large without papers is there. */
export function blameLongestLine(folder: string, error: Error): TemplateError {
  const lines = mailTemplates(folder).flatMap(({ path, text }) =>
    text
      .split('\n')
      .map((line, at) => ({ file: path, line: at + 1, bytes: Buffer.byteLength(line) })),
  );
  const [longest = { file: folder, bytes: 0 }] = lines.sort((a, b) => b.bytes - a.bytes);
  const what = `${error.message}; the longest line of the templates has ${longest.bytes} of them`;
  return new TemplateError(longest, what, error);
}
