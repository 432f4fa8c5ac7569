import type { Paper } from '../../../src/digest/digest.ts';

/** What a page shows of a paper. */
export type Shown = Pick<Paper, 'title' | 'abstract' | 'authors'> & {
  readonly id: string;
  readonly upvotes: number;
  readonly authorCount: number;
  /** `Oct 7, 2024` */
  readonly published: string;
};

/** The same page as one tool or another writes it, and what can be read from it again. */
export type Writer = {
  readonly tool: string;
  readonly keeps: readonly ('arxivId' | 'upvotes' | 'authors' | 'authorCount')[];
  readonly write: (day: string, papers: readonly Shown[]) => string;
};

const site = 'https://huggingface.co';
const page = (paper: Shown) => `${site}/papers/${paper.id}`;
const login = (paper: Shown) => `${site}/login?next=%2Fpapers%2F${paper.id}`;
const banner = 'new\n\nGet trending papers in your email inbox!\n\nSubscribe\n\n';
const longBanner = `new\n\nGet trending papers in your email inbox once a day!\n\n${banner.slice(5)}`;
const masthead = 'Daily Papers\n\nbyAK and the research community\n\n';

/** Wraps at `width`; after hyphens too, where `hyphens` says so. */
function wrap(text: string, width: number, indent = '', hyphens = false): string {
  const words = (hyphens ? text.replace(/(\p{L})-(\p{Ll})/gu, '$1-¦$2') : text).split(/ |(?=¦)/);
  const lines = [''];
  for (const word of words) {
    const glued = word.startsWith('¦');
    const last = lines.at(-1) ?? '';
    const longer = last === '' ? word : `${last}${glued ? '' : ' '}${word}`;
    if (last !== '' && longer.length > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines.map(line => indent + line.replaceAll('¦', '')).join('\n');
}

function each(papers: readonly Shown[], write: (paper: Shown, at: number) => string): string {
  return papers.map(write).join('');
}

/** Numbers links as they come, and lists them at the end. */
function numbering(from: number, list: (number: number, url: string) => string) {
  const listed: string[] = [];
  const link = (url: string) => listed.push(list(from + listed.length, url)) + from - 1;
  return { link, references: () => `${listed.join('\n')}\n` };
}

export const writers: readonly Writer[] = [
  {
    tool: 'a browser, its text copied',
    keeps: [],
    write: (day, papers) =>
      `${banner}${masthead}${day}\n\n${each(papers, ({ title, abstract }) => `${title}\n\n${abstract}\n\n`)}`,
  },
  {
    tool: 'a browser, with counts, organisations, days and comments',
    keeps: ['upvotes'],
    write: (day, papers) =>
      `${longBanner}${masthead}Daily\nWeekly\nMonthly\n\n${day}\n\n${each(
        papers,
        (paper, at) =>
          `${paper.upvotes || '-'}\n\n${paper.title}\n\n${paper.abstract}\n\n` +
          (at % 3 === 0 ? 'Carnegie Mellon University\n\n' : `${paper.authorCount} authors\n\n`) +
          `·\n\n${paper.published}\n\n${at % 2 ? '2\n\n' : ''}`,
      )}`,
  },
  {
    tool: 'a browser that leaves out blank lines',
    keeps: [],
    write: (day, papers) =>
      `${masthead.replace(/\n+/g, '\n')}${day}\n${each(papers, ({ title, abstract }) => `${title}\n${abstract}\n`)}`,
  },
  {
    tool: 'a person, with one line below each title',
    keeps: ['upvotes', 'authorCount'],
    write: (day, papers) =>
      `${masthead}Daily | Weekly | Monthly\n\n${day}\n\n${each(
        papers,
        paper =>
          `${paper.title}\n▲ ${paper.upvotes} · ${paper.authorCount} authors · ${paper.published}\n\n${paper.abstract}\n\n`,
      )}`,
  },
  {
    tool: 'a person, with everything below each abstract',
    keeps: ['upvotes', 'authorCount', 'arxivId'],
    write: (day, papers) =>
      `${masthead}${day}\n\n${each(
        papers,
        paper =>
          `${paper.title}\n\n${paper.abstract}\n\n- ${paper.authorCount} authors\n· ${paper.published}\n\n${page(paper)}\n\n${paper.upvotes}\n\n`,
      )}`,
  },
  {
    tool: 'a person, with the names of the authors',
    keeps: ['authors'],
    write: (day, papers) =>
      `${masthead}${day}\n\n${each(papers, ({ title, authors, abstract }) => `${title}\n\n${authors.length > 1 ? '' : 'Authors: '}${authors.join(', ')}\n\n${abstract}\n\n`)}`,
  },
  {
    tool: 'a person, with bare URLs right below the titles',
    keeps: ['arxivId'],
    write: (day, papers) =>
      `${masthead}${day}\n\n${each(papers, paper => `${paper.title}\n${page(paper)}\n\n${paper.abstract}\n\n`)}`,
  },
  {
    tool: 'an editor that wraps at 72 columns, in CRLF with a BOM',
    keeps: [],
    write: (day, papers) =>
      `\uFEFF${`${banner}${masthead}${day}\n\n${each(papers, ({ title, abstract }) => `${wrap(title, 72)}\n\n${wrap(abstract, 72, '', true)}\n\n`)}`.replaceAll('\n', '\r\n')}`,
  },
  {
    tool: 'Turndown and its relatives, in Markdown',
    keeps: ['arxivId', 'upvotes'],
    write: (day, papers) =>
      `---\nurl: ${site}/papers\ntitle: Daily Papers - Hugging Face\n---\n${longBanner.replace('Subscribe', `[Subscribe](${site}/login?next=%2Fpapers)`)}# Daily Papers\n\n## by [![](${site}/front/assets/papers-by.png)AK](${site}/akhaliq) and the research community\n\n- Daily\n- Weekly\n- Monthly\n\n[Trending Papers](${site}/papers/trending)\n\n${day}\n\n${each(
        papers,
        (paper, at) =>
          `[${paper.upvotes || '-'}](${login(paper)})\n\n### [${paper.title}](${page(paper)})\n\n[${wrap(paper.abstract, 80).replaceAll('\n', '\\\\\n')}](${page(paper)})\n\n` +
          (at % 3 === 0
            ? `[![some-org](https://cdn.test/org.png)Some Organisation](${site}/some-org)`
            : `[- ![](${site}/avatars/x.svg)\\\\\n- ${paper.authorCount} authors](${page(paper)})`) +
          `\n\n·\n\n${paper.published}${at % 2 ? `[6](${page(paper)}#community)` : ''}\n\n`,
      )}`,
  },
  {
    tool: 'a reader that underlines headings',
    keeps: ['arxivId', 'upvotes'],
    write: (day, papers) =>
      `Title: Daily Papers - Hugging Face\n\nURL Source: ${site}/papers\n\nMarkdown Content:\nDaily Papers\n============\n\nby ![Image 1](${site}/a.png)[AK](${site}/akhaliq) and the research community\n-----\n\n${day}\n------\n\n${each(
        papers,
        paper =>
          `[![Image 3: Video](https://cdn.test/x.png)](${page(paper)})\n\nSubmitted by[![Image 2](https://x.test/y.png) someone](${site}/someone)\n\n[${paper.upvotes}](${login(paper)})\n\n### [${paper.title}](${page(paper)})\n\n*   ![Image 5](https://x.test/y)\n*   ·${paper.authorCount} authors\n\n[2](${page(paper)}#community)\n\n${paper.abstract}\n\n`,
      )}`,
  },
  {
    tool: 'html2text, with numbered links and a list of them',
    keeps: ['arxivId', 'upvotes'],
    write: (day, papers) => {
      const { link, references } = numbering(31, (number, url) => `[${number}]: ${url}`);
      const body = each(
        papers,
        (paper, at) =>
          `[\n${paper.upvotes || '-'}\n][${link(login(paper))}]\n\n### [${paper.title}][${link(page(paper))}]\n\n[\n\n${wrap(paper.abstract, 120)}\n\n][${link(page(paper))}]\n` +
          (at % 3 === 0
            ? `[[some-org] Some Organisation][${link(`${site}/some-org`)}]`
            : `[\n* ${paper.authorCount} authors\n][${link(page(paper))}]`) +
          `\n·\n${paper.published}${at % 2 ? ` [ 6][${link(`${page(paper)}#community`)}]` : ''}\n`,
      );
      return `[[Hugging Face's logo] Hugging Face][1]\n* [ Models ][2]\n* [Log In][27]\n${longBanner.replace('Subscribe', '[Subscribe][29]')}# Daily Papers\n\n## by[AK][30] and the research community\n* Daily\n* Weekly\n* Monthly\n\n${day}\n${body}\n${references()}`;
    },
  },
  {
    tool: 'lynx, 80 columns, with numbers before the links',
    keeps: ['arxivId', 'upvotes'],
    write: (day, papers) => {
      const { link, references } = numbering(28, (number, url) => `  ${number}. ${url}`);
      const by = link(`${site}/akhaliq`);
      const body = each(
        papers,
        paper =>
          `[${link(login(paper))}]${paper.upvotes || '-'}\n\n${wrap(`[${link(page(paper))}]${paper.title}`, 80)}\n\n${wrap(`[${link(page(paper))}]${paper.abstract}`, 77, '   ')}\n\n     * [${link(page(paper))}]${paper.authorCount} authors\n   · ${paper.published}\n   `,
      );
      return `   [1]Hugging Face\n     * [2]Models\n   new\n   Get trending papers in your email inbox!\n   [27]Subscribe\n\n                Daily Papers\n\nby [${by}]AK and the research community\n\n     * Daily\n     * Weekly\n\n   ${day}\n   ${body}\n\nReferences\n\n   Visible links:\n${references()}`;
    },
  },
  {
    tool: 'a notebook that puts every URL on a line of its own',
    keeps: ['arxivId', 'upvotes'],
    write: (day, papers) =>
      `# Daily Papers - Hugging Face\nDaily Papers - Hugging Face\n\n Hugging Face\n\n${site}/\n\nModels\n\n${site}/models\n\n${longBanner}${site}/login?next=%2Fpapers\n\nDaily Papers\n\nby \n\nAK\n\n${site}/akhaliq\n\n and the research community\n\nwhat was searched for\n\nDaily\n\nWeekly\n\nMonthly \n\n${site}/papers/trending\n\n \n\n${site}/papers/date/2024-03-24\n\n${day}\n\n${each(
        papers,
        (paper, at) =>
          ` [-] ${paper.upvotes || '-'}\n\n${login(paper)}\n\n${paper.title}\n\n${page(paper)}\n\n${paper.abstract}\n\n${page(paper)}\n\n` +
          (at % 3 === 0
            ? ` Some Organisation\n\n${site}/some-org\n\n`
            : `[\n\n${paper.authorCount} authors](${page(paper)})\n\n`) +
          `·\n\n${paper.published} \n\n${at % 2 ? `2\n\n${page(paper)}#community\n\n` : ''}`,
      )}`,
  },
  {
    tool: 'a script that keeps anchors, pictures and who submitted what',
    keeps: ['arxivId', 'upvotes'],
    write: (day, papers) =>
      `<a id="s0"></a>\n\n${longBanner}# Trending Papers\n\n<a id="s1"></a>\n\n## by[[picture] AK](${site}/akhaliq) and the research community\n\n-\n\n-\n\n${day}\n\n${each(
        papers,
        (paper, at) =>
          `[[picture]](${page(paper)})\n\nSubmitted by\n\n[picture]\n\nsomeone\n\n\n<a id="p${at}"></a>\n\n### [${paper.title.replace(/^(.{12,}?) /, '$1\n')}](${page(paper)})\n\n\n${paper.abstract}\n\n\n[[picture] Some Lab](${site}/some-lab) · Published on ${paper.published}\n\n\n[Upvote\n\n${paper.upvotes}](${login(paper)})\n\n[GitHub 131](https://github.com/a/b) [arXiv Page](https://arxiv.org/abs/${paper.id})\n\n\n`,
      )}`,
  },
  {
    tool: 'a person, in Markdown with a list of links',
    keeps: ['arxivId', 'upvotes', 'authorCount'],
    write: (day, papers) =>
      `# Daily Papers\n\nby AK and the research community\n\n**${day}**\n\n${each(
        papers,
        paper =>
          `## ${paper.title}\n\n${paper.abstract}\n\n- [Paper](${page(paper)})\n- [PDF](https://arxiv.org/pdf/${paper.id})\n- ${paper.authorCount} authors\n- ${paper.upvotes} upvotes\n\n`,
      )}`,
  },
];
