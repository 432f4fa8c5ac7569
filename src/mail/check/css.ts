/** `color: red`, its name in small letters. */
export type Declaration = { readonly property: string; readonly value: string };

/** A rule of a style sheet, with the at-rules it stands in. */
export type StyleRule = {
  /** Empty for an at-rule without any, such as `@import` or `@font-face`. */
  readonly selector: string;
  readonly declarations: readonly Declaration[];
  /** `@media (max-width:480px)`, outside in. */
  readonly within: readonly string[];
  readonly line: number;
};

/** The declarations in the text of a `style` attribute or of a rule. */
export function parseDeclarations(text: string): Declaration[] {
  return pieces(text).flatMap(piece => {
    const [, property, value] = /^\s*([-\w]+)\s*:\s*([\s\S]*?)\s*$/.exec(piece) ?? [];
    return property && value ? [{ property: property.toLowerCase(), value }] : [];
  });
}

/** The rules of a style sheet that begins at `line`. Broken ones are left out. */
export function parseSheet(text: string, line = 1): StyleRule[] {
  const blank = (comment: string) => comment.replace(/[^\n]/g, ' ');
  return readRules(text.replace(/\/\*[\s\S]*?\*\//g, blank), [], line);
}

/** At `;`, but not in brackets or quotes. */
function pieces(text: string): string[] {
  return text.match(/(?:\([^)]*\)|"[^"]*"|'[^']*'|[^;"'(]|["'(])+/g) ?? [];
}

function readRules(text: string, within: readonly string[], line: number): StyleRule[] {
  const rules: StyleRule[] = [];
  let at = 0;
  while (at < text.length) {
    const [head = ''] = /^[^{};]*/.exec(text.slice(at)) ?? [];
    const end = at + head.length;
    const name = head.trim();
    const here = line + lines(text.slice(0, at + head.search(/\S|$/)));
    if (text[end] !== '{') {
      if (name.startsWith('@')) {
        rules.push({ selector: '', declarations: [], within: [...within, name], line: here });
      }
      at = end + 1;
      continue;
    }
    const close = closing(text, end);
    const body = text.slice(end + 1, close);
    if (name.startsWith('@') && !/^@(?:font-face|page)/.test(name)) {
      const bodyLine = line + lines(text.slice(0, end));
      rules.push(...readRules(body, [...within, name], bodyLine));
    } else {
      const isAt = name.startsWith('@');
      rules.push({
        selector: isAt ? '' : name,
        declarations: parseDeclarations(body),
        within: isAt ? [...within, name] : within,
        line: here,
      });
    }
    at = close + 1;
  }
  return rules;
}

/** Where the brace that opens at `from` is closed; the text's end where it is not. */
function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}

function lines(text: string): number {
  return text.split('\n').length - 1;
}
