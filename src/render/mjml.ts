import type mjml2html from 'mjml';
import { messageOf } from '../errors.ts';
import { TemplateError } from './template-error.ts';

const options = {
  validationLevel: 'strict',
  // An `<mj-include>` never reads a file, wherever it came from.
  ignoreIncludes: true,
  // The default is a list of fonts that are fetched from another company.
  fonts: {},
} as const;

/** Where line `line` of the generated MJML (from 1) was written. */
export type LineFinder = (line: number) => { readonly file: string; readonly line: number | null };

/**
 * `source` as HTML, without the white space that MJML indents with. Its own minifier is left out:
 * it takes longer than all the rest and gains 2 %. Throws a TemplateError at what is no valid MJML.
 */
export async function mjmlToHtml(source: string, find: LineFinder): Promise<string> {
  // Loaded when first needed: it takes longer than most commands that do without.
  const { default: convert } = await import('mjml');
  try {
    const { html } = await convert(source, options);
    return `${html.replace(/\s*\n\s*/g, '\n').trimEnd()}\n`;
  } catch (error) {
    const [first] = faultsOf(error);
    const place = find(first?.line ?? 1);
    throw new TemplateError(
      first ? place : { file: place.file },
      first?.what ?? messageOf(error),
      error,
    );
  }
}

/** What the validator found: line (from 1) in the MJML, and what is wrong there. */
function faultsOf(error: unknown): { line: number; what: string }[] {
  if (!(error instanceof Error && 'errors' in error && Array.isArray(error.errors))) return [];
  return error.errors.map(({ line, tagName, message }: Fault) => ({
    line,
    what: `<${tagName}>: ${message}`,
  }));
}

type Fault = Awaited<ReturnType<typeof mjml2html>>['errors'][number];
