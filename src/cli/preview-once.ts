import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Preview } from '../delivery/preview.ts';
import { InputError } from '../lib/errors.ts';
import { type Finding, tally } from '../mail/check/finding.ts';
import { troubleOf } from '../web/desk/preview-session.ts';
import { answer, answerJson, count, exitCodes, type Io, say } from './io.ts';

type Once = { readonly json?: true; readonly out?: string };

/** Writes an edition's parts as files, without a database or a server. */
export async function writeOnce(
  io: Io,
  { rendered, edition, html, text, source }: Preview,
  folder: string,
  { json }: Once,
): Promise<number> {
  const files = {
    'edition.html': html,
    'edition.txt': text,
    'edition.eml': Buffer.from(source, 'latin1'),
  };
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  for (const trimmed of rendered.trimmed) say(io, trimmed);
  const paths = Object.keys(files).map(name => join(folder, name));
  const { subject, picks } = rendered;
  if (json) {
    answerJson(io, { subject, date: edition.date, papers: picks, files: paths });
    return exitCodes.done;
  }
  say(io, `${subject}\n${count(picks, 'paper')} of ${edition.total}`);
  for (const path of paths) say(io, path);
  return exitCodes.done;
}

/** Checks an edition, and says what it found; fails where there is an error. */
export async function checkOnce(
  io: Io,
  make: () => Promise<Preview>,
  options: Once,
): Promise<number> {
  const made = await make().catch(asFinding);
  const findings = 'findings' in made ? made.findings : [made];
  if ('findings' in made && options.out !== undefined) {
    await writeOnce(io, made, options.out, {});
  }
  const { error, warning, note } = tally(findings);
  const code = error > 0 ? exitCodes.failed : exitCodes.done;
  if (options.json) {
    const subject = 'findings' in made ? made.rendered.subject : null;
    const shown = findings.map(({ written: _, ...finding }) => finding);
    answerJson(io, { subject, errors: error, warnings: warning, notes: note, findings: shown });
    return code;
  }
  for (const { severity, rule, place, what, cure } of findings) {
    answer(io, `${severity}  ${place}  ${what}\n    ${cure} [${rule}]`);
  }
  const counts = [count(error, 'error'), count(warning, 'warning'), count(note, 'note')];
  answer(io, `${counts.join(', ')}.`);
  return code;
}

/** What cannot be rendered at all, as what a check found. */
function asFinding(error: unknown): Finding {
  if (!(error instanceof InputError)) throw error;
  const { what, place } = troubleOf(error);
  const cure = 'Mend it; nothing else could be checked.';
  return { severity: 'error', rule: 'rendering', what, cure, place: place ?? 'templates' };
}
