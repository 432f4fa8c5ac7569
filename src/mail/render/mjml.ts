import type mjml2html from 'mjml';
import { messageOf } from '../../lib/errors.ts';

const options = {
  validationLevel: 'strict',
  // An `<mj-include>` never reads a file, wherever it came from.
  ignoreIncludes: true,
  // The default is a list of fonts that are fetched from another company.
  fonts: {},
} as const;

/** MJML that cannot be used; `line` counts from 1 in what was converted, null where unknown. */
export class MjmlError extends Error {
  override name = 'MjmlError';
  readonly line: number | null;

  constructor(what: string, line: number | null, cause: unknown) {
    super(what, { cause });
    this.line = line;
  }
}

/**
 * `source` as HTML, without the white space that MJML indents with. Its own minifier is left out:
 * it would take longer than all the rest. Throws an MjmlError at what is no valid MJML.
 */
export async function mjmlToHtml(source: string): Promise<string> {
  // Loaded when first needed: it takes longer than most commands that do without.
  const { default: convert } = await import('mjml');
  try {
    const { html } = await convert(source, options);
    return `${html.replace(/\s*\n\s*/g, '\n').trim()}\n`;
  } catch (error) {
    const fault = faultsOf(error)[0];
    if (!fault) throw new MjmlError(messageOf(error), null, error);
    throw new MjmlError(`<${fault.tagName}>: ${fault.message}`, fault.line, error);
  }
}

type Fault = Awaited<ReturnType<typeof mjml2html>>['errors'][number];

/** What MJML's validator found. */
function faultsOf(error: unknown): Fault[] {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors)
    ? error.errors
    : [];
}
