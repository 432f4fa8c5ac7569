/** Items of an answer of the Daily Papers API, as it writes them, with made-up papers. */
export function listedItem(number: number, values: Record<string, unknown> = {}) {
  return {
    paper: {
      id: `2509.${String(number).padStart(5, '0')}`,
      authors: [
        { _id: 'a', name: 'Ada Lovelace', hidden: false },
        { _id: 'b', name: 'Alan Turing', hidden: true },
      ],
      publishedAt: '2025-09-02T17:59:58.000Z',
      submittedOnDailyAt: '2025-09-03T02:00:00.000Z',
      title: `Paper Number\n  ${number}`,
      summary: `We study question ${number}.\nIt has an answer.`,
      upvotes: number,
      ai_summary: `Question ${number} has an answer.`,
      githubRepo: `https://github.com/papers/number-${number}`,
      ...values,
    },
    publishedAt: '2025-09-02T13:59:58.000Z',
    title: `Paper Number ${number}`,
    numComments: 1,
  };
}

/** `count` items, with the numbers from `from`. */
export function listedItems(count: number, from = 1, values: Record<string, unknown> = {}) {
  return Array.from({ length: count }, (_, at) => listedItem(from + at, values));
}

/** The page with a list in it, as the site writes it. */
export function papersPage(items: readonly unknown[], props: Record<string, unknown> = {}): string {
  const json = JSON.stringify({ ...props, dailyPapers: items });
  const attribute = json
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
  return `<!doctype html>\n<html class="dark"><head><title>Daily Papers - Hugging Face</title></head>
<body><div class="SVELTE_HYDRATER contents" data-props="{&quot;a&quot;:1}" data-target="MainHeader"></div>
<main><div class="SVELTE_HYDRATER contents" data-target="DailyPapers" data-props="${attribute}"></div></main>
</body></html>`;
}

/** arXiv's list of a day in Atom; each entry is a number and its kind of announcement. */
export function arxivAtom(entries: readonly (readonly [number, string])[]): string {
  const body = entries.map(
    ([number, type]) => `<entry>
    <id>oai:arXiv.org:2508.${13000 + number}v1</id>
    <title>Paper ${number}: x&lt;y Direction-Aware
      Embedding</title>
    <updated>2025-08-20T04:00:30.123456+00:00</updated>
    <link href="https://arxiv.org/abs/2508.${13000 + number}" rel="alternate" type="text/html"/>
    <summary>arXiv:2508.${13000 + number}v1 Announce Type: ${type}
Abstract: Graphs where x&lt;y and y&gt;z are used to model number ${number}.</summary>
    <category term="cs.LG"/>
    <published>2025-08-20T00:00:00-04:00</published>
    <arxiv:announce_type>${type}</arxiv:announce_type>
    <dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
    <dc:creator>Jiayu Fang (MIT, USA), Zhiqi Shao, S T Boris Choy</dc:creator>
  </entry>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://www.w3.org/2005/Atom" xml:lang="en-us">
  <id>http://rss.arxiv.org/atom/cs.LG</id>
  <title>cs.LG updates on arXiv.org</title>
  <updated>2025-08-20T04:00:30.123456+00:00</updated>
  <link href="http://rss.arxiv.org/atom/cs.LG" rel="self" type="application/atom+xml"/>
  ${body.join('\n')}
</feed>`;
}

/** The same in RSS. */
export function arxivRss(entries: readonly (readonly [number, string])[]): string {
  const body = entries.map(
    ([number, type]) => `<item>
  <title>Paper ${number}</title>
  <link>https://arxiv.org/abs/2508.${13000 + number}</link>
  <description>arXiv:2508.${13000 + number}v1 Announce Type: ${type}
Abstract: Graphs where x&lt;y are used to model number ${number}.</description>
  <guid isPermaLink="false">oai:arXiv.org:2508.${13000 + number}v1</guid>
  <category>cs.LG</category>
  <pubDate>Wed, 20 Aug 2025 00:00:00 -0400</pubDate>
  <arxiv:announce_type>${type}</arxiv:announce_type>
  <dc:creator>Jiayu Fang, Zhiqi Shao</dc:creator>
</item>`,
  );
  return `<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/" version="2.0">
<channel>
<title>cs.LG updates on arXiv.org</title>
<link>http://rss.arxiv.org/rss/cs.LG</link>
<atom:link href="http://rss.arxiv.org/rss/cs.LG" rel="self" type="application/rss+xml"/>
<pubDate>Wed, 20 Aug 2025 00:00:00 -0400</pubDate>
<skipDays><day>Saturday</day><day>Sunday</day></skipDays>
${body.join('\n')}
</channel>
</rss>`;
}
