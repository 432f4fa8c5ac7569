import type { Finding, Severity, TemplateFile } from './finding.ts';
import { lineage, type Mail, type MailElement, textOf } from './read-mail.ts';

/** Checks what readers need who hear a mail or see no images: alt texts, headings, the language. */
export function checkStructure(mail: Mail): Finding[] {
  return [...images(mail), ...headings(mail), ...language(mail)];
}

/** Finds images without alt texts in the templates: in the HTML, MJML has given them empty ones. */
export function checkTemplateImages(templates: readonly TemplateFile[]): Finding[] {
  return templates.flatMap(({ path, text }) =>
    [...text.matchAll(/<mj-(?:image|carousel-image)\b[^>]*>/g)]
      .filter(([tag]) => !/\balt=/.test(tag))
      .map(match => ({
        ...noAlt(/\bsrc="([^"]*)"/.exec(match[0])?.[1] ?? ''),
        place: `${path}:${text.slice(0, match.index).split('\n').length}`,
      })),
  );
}

function noAlt(source: string) {
  return {
    severity: 'error',
    rule: 'images',
    what: `The image ${source.slice(0, 80)} has no alt text: most clients show no images at first.`,
    cure: 'Say in alt="" what it shows, and leave it empty for mere decoration.',
  } as const;
}

function images(mail: Mail): Finding[] {
  const all = mail.elements.filter(({ name }) => name === 'img');
  const lacking = all.filter(({ attributes }) => attributes.alt === undefined);
  const mute = all.filter(
    image =>
      image.attributes.alt === '' &&
      lineage(image).some(one => one.name === 'a' && textOf(mail, one) === ''),
  );
  return [...lacking, ...mute].map(({ attributes: { src = '' }, line }) => ({
    ...noAlt(src),
    place: `edition.html:${line}`,
    written: [`src="${src}"`],
  }));
}

function headings(mail: Mail): Finding[] {
  const all = mail.elements.filter(({ name }) => /^h[1-6]$/.test(name));
  const level = (heading: MailElement | undefined) => Number(heading?.name.slice(1) ?? 0);
  const tops = all.filter(heading => level(heading) === 1);
  const first = all[0];
  const findings = all.flatMap((heading, at) => {
    const before = all[at - 1];
    if (textOf(mail, heading) === '') {
      return [finding('error', heading, 'A heading is empty.', 'Give it words, or take it out.')];
    }
    if (!before || level(heading) <= level(before) + 1) return [];
    const what = `“${textOf(mail, heading).slice(0, 60)}” is ${heading.name} after ${before.name}: a level is left out.`;
    return [finding('warning', heading, what, `Make it h${level(before) + 1}.`)];
  });
  if (!first) {
    const what = 'The mail has no headings: whoever listens cannot go from paper to paper.';
    findings.push(finding('warning', mail.elements[0], what, 'Make titles h1 and h2.'));
  } else if (tops.length !== 1) {
    const what = `There are ${tops.length} headings of the first level.`;
    findings.push(finding('warning', tops[1] ?? first, what, 'Keep h1 for the name of the mail.'));
  }
  return findings;
}

function language(mail: Mail): Finding[] {
  const html = mail.elements.find(({ name }) => name === 'html');
  const { lang = '' } = html?.attributes ?? {};
  if (/^[a-z]{2,3}\b/i.test(lang) && lang !== 'und') return [];
  const what = 'The mail does not say what language it is in, so it is read aloud in any.';
  return [finding('warning', html, what, 'Write <mjml lang="en">.')];
}

function finding(
  severity: Severity,
  element: MailElement | undefined,
  what: string,
  cure: string,
): Finding {
  return { severity, rule: 'structure', what, cure, place: `edition.html:${element?.line ?? 1}` };
}
