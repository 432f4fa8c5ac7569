import type { Finding } from './finding.ts';
import type { TemplateFile } from './structure.ts';

/**
 * Findings with the place in a template where an author typed what they are about, where it stands
 * there; else they keep the place in the mail.
 */
export function locate(
  findings: readonly Finding[],
  templates: readonly TemplateFile[],
): Finding[] {
  return findings.map(finding => {
    for (const written of finding.written ?? []) {
      const place = written.length < 2 ? null : find(written, templates);
      if (place) return { ...finding, place };
    }
    return finding;
  });
}

function find(written: string, templates: readonly TemplateFile[]): string | null {
  // What is typed in one way or the other: `"`, white space.
  const pattern = written.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/["']/g, '["\']');
  const boundary = /^\w/.test(written) ? '(?<![\\w-])' : '';
  const expression = new RegExp(`${boundary}${pattern}`, 'i');
  for (const { path, text } of templates) {
    const at = text.search(expression);
    if (at >= 0) return `${path}:${text.slice(0, at).split('\n').length}`;
  }
  return null;
}
