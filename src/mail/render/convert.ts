import { join } from 'node:path';
import { findLine } from './find-line.ts';
import { MjmlError, mjmlToHtml } from './mjml.ts';
import { TemplateError } from './template-error.ts';

/**
 * The HTML of `source`, which `file` in `folder` made of `view`. Throws a TemplateError at a fault
 * that MJML found, with the place in a template where it was written.
 */
export async function convert(
  folder: string,
  file: string,
  source: string,
  view: object,
): Promise<string> {
  try {
    return await mjmlToHtml(source);
  } catch (error) {
    if (!(error instanceof MjmlError)) throw error;
    const place = error.line === null ? null : findLine(folder, file, view, error.line);
    throw new TemplateError(place ?? { file: join(folder, file) }, error.message, error);
  }
}
