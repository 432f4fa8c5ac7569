import { InputError, messageOf } from '../../lib/errors.ts';

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
