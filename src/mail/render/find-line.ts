import Handlebars from 'handlebars';
import { loadTemplates } from './templates.ts';

const mark = /\ue000(.*?)\ue001(\d+)\ue002/g;

/**
 * Where line `line` (from 1) of what `file` in `folder` makes of `view` was written. Fills in the
 * template again with marks at the start of its lines, so it is for when something went wrong.
 */
export function findLine(
  folder: string,
  file: string,
  view: object,
  line: number,
): { file: string; line: number } | null {
  const marked = loadTemplates(folder, (program, path) => new Marker(path).accept(program));
  const lines = marked(file)(view).split('\n');
  // Marks stand before what they tell of: the last one at the line's start, else the last before.
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
