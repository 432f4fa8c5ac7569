import { checkCompatibility } from './compatibility.ts';
import { checkContrast } from './contrast.ts';
import { type Finding, locate, sorted, type TemplateFile } from './finding.ts';
import { checkHeaders } from './headers.ts';
import { checkSize, checkSubject } from './inbox.ts';
import { checkLinks } from './links.ts';
import { readMail } from './read-mail.ts';
import { checkStructure, checkTemplateImages } from './structure.ts';

/** The mail that one reader gets. */
export type MailToCheck = {
  readonly subject: string;
  readonly preheader: string;
  readonly html: string;
  /** The whole message in wire form. */
  readonly source: string;
};

/** What the checks compare a mail with. */
export type CheckAgainst = {
  /** The templates that its HTML is made of. */
  readonly templates: readonly TemplateFile[];
  /** The address of this installation; null where mails do not link to it. */
  readonly home: string | null;
};

/** Runs all checks; errors come first. Takes milliseconds. */
export function checkEdition(
  { subject, preheader, html, source }: MailToCheck,
  { templates, home }: CheckAgainst,
): readonly Finding[] {
  const mail = readMail(html);
  const found = [
    ...checkSize(html, mail),
    ...checkLinks(mail, home),
    ...checkTemplateImages(templates),
    ...checkStructure(mail),
    ...checkContrast(mail),
    ...checkCompatibility(mail),
    ...checkHeaders(source),
    ...checkSubject(subject, preheader),
  ];
  return sorted(locate(found, templates));
}
