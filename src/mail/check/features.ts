import { isKnown } from './clients.ts';
import type { Declaration } from './css.ts';
import type { Element, Mail } from './read-mail.ts';

/** That a mail uses something of HTML or CSS. */
export type Use = {
  /** As Can I email names it, `css-display-grid`. */
  readonly feature: string;
  /** As one would say it, `display:grid`. */
  readonly name: string;
  /** What it stands in, such as `css-at-media`: clients without that never come to it. */
  readonly within: readonly string[];
  /** Whether it is such a thing itself: an at-rule or a selector, made for clients that know it. */
  readonly gate: boolean;
  readonly line: number;
};

/** Everything in a mail of which it is known who supports it. */
export function featuresOf(mail: Mail): readonly Use[] {
  const inline = mail.elements.flatMap(element => [
    ...ofElement(element).map(use => ({ ...use, within: [], gate: false, line: element.line })),
    ...element.style.flatMap(ofDeclaration).map(use => ({
      ...use,
      within: [],
      gate: false,
      line: element.line,
    })),
  ]);
  const sheets = mail.rules.flatMap(({ selector, declarations, within: around, line }) => {
    const gates = [...around.flatMap(ofAtRule), ...ofSelector(selector)];
    const within = gates.map(({ feature }) => feature).filter(isKnown);
    const own = declarations.flatMap(ofDeclaration);
    return [
      ...gates.map(use => ({ ...use, within: [], gate: true, line })),
      ...own.map(use => ({ ...use, within: ['html-style', ...within], gate: false, line })),
    ];
  });
  return [...inline, ...sheets].filter(({ feature }) => isKnown(feature));
}

type Named = Pick<Use, 'feature' | 'name'>;

/** Properties that are known as a part of another one. */
const families: readonly (readonly [RegExp, string])[] = [
  [/^(?:left|right|top|bottom)$/, 'left-right-top-bottom'],
  [/^border-(?:\w+-){2}radius$/, 'border-radius'],
  [/^border-(?:top|right|bottom|left|color|style|width)\b/, 'border'],
  [/^(padding|margin)-(?:top|right|bottom|left)$/, '$1'],
  [/^overflow-[xy]$/, 'overflow'],
  [/^(?:row|column)-gap$/, 'gap'],
  [/^grid-template\b.*/, 'grid-template'],
  [/^grid\b.*/, 'display-grid'],
  [/^flex$|^flex-(?:grow|shrink|basis|flow)$/, 'display-flex'],
  [/^(transition|animation|outline|mask)-.*/, '$1'],
  [/^columns$/, 'column-count'],
];

const units = /(?<![\w#-])\d*\.?\d+(ch|cm|em|ex|in|mm|pc|pt|rem|vh|vmax|vmin|vw)\b/g;

function ofDeclaration({ property, value }: Declaration): Named[] {
  const plain = value.replace(/"[^"]*"|'[^']*'|url\([^)]*\)/g, '').toLowerCase();
  const uses: Named[] = [];
  const use = (feature: string, name: string) => uses.push({ feature: `css-${feature}`, name });
  if (property.startsWith('--') || /\bvar\(/.test(plain)) use('variables', 'custom properties');
  if (property.startsWith('-')) return uses;
  const [, display] =
    property === 'display' ? (/^(?:inline-)?(flex|grid|none)/.exec(plain) ?? []) : [];
  if (display) use(`display-${display}`, `display:${display}`);
  else use(familyOf(property), property);
  if (property === 'position' && plain.startsWith('static')) uses.pop();
  if (/!important/.test(plain)) use('important', '!important');
  for (const [, name = ''] of plain.matchAll(/\b(clamp|max|min|light-dark)\(/g)) {
    use(`function-${name}`, `${name}()`);
  }
  for (const [, name = ''] of plain.matchAll(/\b((?:linear|radial|conic)-gradient)\(/g))
    use(name, `${name}()`);
  if (/\bcalc\(/.test(plain)) use('unit-calc', 'calc()');
  if (/\brgba\(/.test(plain)) use('rgba', 'rgba()');
  if (/\b(?:oklch|oklab|lch|lab|color|color-mix)\(/.test(plain))
    use('modern-color', 'modern colours');
  if (/\bsystem-ui\b/.test(plain)) use('sytem-ui', 'system-ui');
  for (const [, unit = ''] of plain.matchAll(units)) use(`unit-${unit}`, `the unit ${unit}`);
  return uses;
}

function familyOf(property: string): string {
  if (isKnown(`css-${property}`)) return property;
  const [pattern, family] = families.find(([one]) => one.test(property)) ?? [];
  return pattern && family
    ? property.replace(pattern, family).replace(/^(border).*/, '$1')
    : property;
}

function ofAtRule(rule: string): Named[] {
  const [, name = ''] = /^@(?:-\w+-)?([\w-]+)/.exec(rule) ?? [];
  const conditions = [...rule.matchAll(/\((?:min-|max-)?([\w-]+)\b/g)].map(
    ([, condition]) => condition,
  );
  return [
    { feature: `css-at-${name}`, name: `@${name}` },
    ...conditions.map(condition => ({
      feature: `css-at-${name}-${condition}`,
      name: `@${name} (${condition})`,
    })),
  ];
}

function ofSelector(selector: string): Named[] {
  const uses: Named[] = [];
  const use = (feature: string, name: string) => uses.push({ feature: `css-${feature}`, name });
  for (const [, name = ''] of selector.matchAll(/(?<!:):([\w-]+)/g))
    use(`pseudo-class-${name}`, `:${name}`);
  for (const [, name = ''] of selector.matchAll(/::([\w-]+)/g))
    use(`pseudo-element-${name}`, `::${name}`);
  const bare = selector
    .replace(/\([^)]*\)/g, '')
    .replace(/\s*([>+~,])\s*/g, '$1')
    .trim();
  if (/\[/.test(bare)) use('selector-attribute', 'attribute selectors');
  if (/>/.test(bare)) use('selector-child', 'the selector >');
  if (/\+/.test(bare)) use('selector-adjacent-sibling', 'the selector +');
  if (/~/.test(bare.replace(/\[[^\]]*\]/g, ''))) use('selector-general-sibling', 'the selector ~');
  return uses;
}

const groups: Readonly<Record<string, string>> = {
  ul: 'lists',
  ol: 'lists',
  dl: 'lists',
  source: 'picture',
  map: 'image-maps',
  button: 'button-submit',
};
const semantic =
  /^(?:article|aside|details|figcaption|figure|footer|header|main|mark|nav|section|summary|time)$/;
const attributeNames =
  /^(?:align|aria-.*|background|cellpadding|cellspacing|dir|height|hidden|lang|loading|required|role|srcset|target|valign|width)$/;

function ofElement({ name, attributes }: Element): Named[] {
  const uses: Named[] = [];
  const use = (feature: string, shown: string) => uses.push({ feature, name: shown });
  if (/^h[1-6]$/.test(name)) use('html-h1-h6', `<${name}>`);
  else if (semantic.test(name)) use('html-semantics', `<${name}>`);
  else if (name === 'input') use(`html-input-${attributes.type ?? 'text'}`, '<input>');
  else use(`html-${groups[name] ?? name}`, `<${name}>`);
  for (const attribute of Object.keys(attributes)) {
    if (attributeNames.test(attribute)) use(`html-${attribute}`, attribute);
  }
  const { href = '', src = '' } = attributes;
  if (href.startsWith('#')) use('html-anchor-links', 'links within the mail');
  if (name === 'img' && src.startsWith('data:')) use('image-base64', 'images in the HTML itself');
  const [, kind = ''] = /\.(\w+)(?:[?#]|$)/.exec(src) ?? [];
  if (name === 'img') use(`image-${kind.toLowerCase().replace('jpeg', 'jpg')}`, `.${kind} images`);
  return uses;
}
