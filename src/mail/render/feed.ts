import { pathTo, viewWhole } from './edition-pages.ts';
import type { Feed } from './page-views.ts';
import type { Template } from './templates.ts';

/** The feed as its template sees it; `papers` makes an edition's HTML. */
export function viewFeed({ base, updated, entries }: Feed, papers: Template) {
  return {
    home: `${base}/`,
    self: `${base}/feed.xml`,
    updated,
    entries: entries.map(({ edition, path, updated }) => {
      const view = viewWhole(edition);
      const { subject, preheader } = view;
      return {
        subject,
        preheader,
        updated,
        address: `${base}${pathTo(path)}`,
        content: papers(view),
      };
    }),
  };
}

/** `text` without what XML cannot hold, escaped or not (XML 1.0 §2.2): control characters and such. */
export function xmlText(text: string): string {
  return text.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
}
