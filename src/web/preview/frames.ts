/** The ways in which a mail is shown. `plain` and `source` are no pages of their own. */
export const views = [
  'desktop',
  'phone',
  'dark',
  'inverted',
  'no-images',
  'plain',
  'source',
] as const;
export type View = (typeof views)[number];

/** Media conditions that always hold, and never, in any window. */
const always = '(min-width:0px)';
const never = '(max-width:0px)';

/**
 * The mail as a client with these habits shows it, whatever the editor's own screen is set to: its
 * dark styles hold in the dark view and nowhere else. Its links open outside of the frame.
 */
export function frameHtml(html: string, view: View): string {
  const scheme = view === 'dark' ? 'dark' : 'light';
  const [dark, light] = scheme === 'dark' ? [always, never] : [never, always];
  const styled = html
    .replace(/<style\b[\s\S]*?<\/style>/g, sheet =>
      sheet
        .replace(/\(\s*prefers-color-scheme\s*:\s*dark\s*\)/g, dark)
        .replace(/\(\s*prefers-color-scheme\s*:\s*light\s*\)/g, light)
        .replace(/(color-scheme\s*:)[^;}]*/g, `$1${scheme}`),
    )
    .replace(/(<meta name="(?:supported-)?color-schemes?" content=")[^"]*/g, `$1${scheme}`);
  const extra = view === 'inverted' ? inverted : '';
  return styled.replace(/<head[^>]*>/i, `$&<base target="_blank">${extra}`);
}

/** What clients do that make their own dark of any mail: turn light into dark, and keep the hues. */
const inverted =
  '<style>html{filter:invert(1) hue-rotate(180deg);background:#fff}img{filter:invert(1) hue-rotate(180deg)}</style>';

/**
 * The policy for a mail in its frame: no script, no form. `allow-same-origin` lets the page around
 * it measure its height, and nothing in it can make use of that.
 */
export function framePolicy(view: View): string {
  const images = view === 'no-images' ? "'none'" : 'https: http: data:';
  return `${sandboxPolicy}; default-src 'none'; style-src 'unsafe-inline'; img-src ${images}; font-src https: data:; frame-ancestors 'self'`;
}

/** The same for the attribute of the frame. */
export const sandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';
const sandboxPolicy = `sandbox ${sandbox}`;
