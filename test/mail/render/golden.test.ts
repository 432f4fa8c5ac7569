import { describe, expect, it } from 'vitest';
import { fill, readyTemplate } from '../../../src/mail/message/fill.ts';
import { buildWireTemplate } from '../../../src/mail/message/wire-template.ts';
import { createRenderer } from '../../../src/mail/render/renderer.ts';
import { aDigest, aMasthead, anEdition, aPaper } from '../../support/builders.ts';
import { morning } from '../../support/runtime.ts';

/** What papers look like of which much, little and strange things are known. */
const digest = aDigest({
  curator: 'AK and the research community',
  papers: [
    aPaper({
      title: 'Attention Is All You Need',
      abstract:
        'Sequence models were built on recurrence or convolution, i.e. on steps that wait for each other. This one is built on attention alone (see Fig. 1). It trains in a fraction of the time, and translates better than all before it.',
      url: 'https://arxiv.org/abs/1706.03762',
      pdfUrl: 'https://arxiv.org/pdf/1706.03762',
      codeUrl: 'https://github.com/tensorflow/tensor2tensor?tab=readme&plain=1',
      authors: ['Ashish Vaswani', 'Noam Shazeer', 'Niki Parmar', 'Jakob Uszkoreit'],
      authorCount: 8,
      upvotes: 1_234,
    }),
    aPaper({
      title: 'Foo & Bar <b>: “{{x}}”, or: What Is in a Title?',
      abstract: 'Titles are text. {{This}} stays as it is, and so does <mj-raw>.',
      url: 'https://example.org/foo?bar=baz&qux="1"',
      authorCount: 3,
      upvotes: 7,
    }),
    aPaper({ title: 'Nothing Is Known of This One', abstract: '', url: 'https://example.org/3' }),
    aPaper({ title: '大きな言語モデルは短い要約を書けるか', url: 'https://example.org/4' }),
    aPaper({ title: 'One of the Others', url: 'https://example.org/5' }),
    aPaper({ title: 'Another of the Others', url: 'https://example.org/6', upvotes: 0 }),
  ],
});
const intro = 'Good morning.\nToday: attention & what came of it.';
const { picks, also, ...edition } = anEdition(digest, { intro });
const papers = [...picks.map(pick => pick.paper), ...also];
const golden = {
  ...edition,
  picks: papers.slice(0, 4).map((paper, at) => ({ position: at + 1, paper })),
  also: papers.slice(4),
};

const sender = {
  from: { name: 'Daily Papers', address: 'papers@news.example.org' },
  replyTo: { name: null, address: 'editor@example.org' },
  listName: 'Daily Papers',
  unsubscribeBase: 'https://news.example.org/unsubscribe/',
};
const token = `AQEB${'u'.repeat(38)}`;
const reader = { address: 'ada@example.org', reader: '7', unsubscribe: token, preferences: token };

describe('a rendered edition', () => {
  const renderer = createRenderer({ templates: 'templates' });

  // After a change on purpose: `npx vitest run test/mail/render -u`, and look at the difference.
  it('is byte for byte the golden mail', async () => {
    const { html, text } = await renderer.renderEdition(golden, aMasthead());
    await expect(html).toMatchFileSnapshot('../../golden/edition.html');
    await expect(text).toMatchFileSnapshot('../../golden/edition.txt');
  });

  it('is byte for byte the golden mail where one can only reply', async () => {
    const masthead = aMasthead({ links: { style: 'reply' }, postalAddress: null });
    const { text } = await renderer.renderEdition(golden, masthead);
    await expect(text).toMatchFileSnapshot('../../golden/edition-reply.txt');
  });

  it('is byte for byte the golden message as SMTP carries it', async () => {
    const rendered = await renderer.renderEdition(golden, aMasthead());
    const wire = buildWireTemplate(rendered, sender, { sendAt: morning, seed: 'seed' });
    const message = Buffer.concat(fill(readyTemplate(wire), reader)).toString('latin1');
    // Line ends are looked at here: what compares files takes CRLF and LF for the same.
    expect(message.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    await expect(message).toMatchFileSnapshot('../../golden/edition.eml');
  });
});
