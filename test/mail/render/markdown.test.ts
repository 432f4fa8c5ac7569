import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { helpers } from '../../../src/mail/render/helpers.ts';
import { readMarkdown } from '../../../src/mail/render/markdown.ts';

const page = (source: string) => readMarkdown(source).map(block => block.page);
const text = (source: string) => readMarkdown(source).map(block => block.text);

describe('the words above an edition', () => {
  it('are paragraphs, a line each, with emphasis and links', () => {
    expect(page('Good *morning*.\n**Read** [this](https://a.test/?x=1&y=2).')).toEqual([
      'Good <em>morning</em>.',
      '<strong>Read</strong> <a href="https://a.test/?x=1&amp;y=2">this</a>.',
    ]);
  });

  it('have no link to nowhere', () => {
    expect(page('[one]() [*two*]( ) [three](https://a.test/)')).toEqual([
      'one <em>two</em> <a href="https://a.test/">three</a>',
    ]);
    expect(text('[one]()')).toEqual(['one']);
  });

  it('are readable as plain text', () => {
    expect(text('*One* [two](https://a.test/b) https://c.test/')).toEqual([
      'One two (https://a.test/b) https://c.test/',
    ]);
  });

  it('may be a list', () => {
    const marked = readMarkdown('- one\n- two\n\n3. three\n4. four').map(
      ({ marker, page }) => `${marker} ${page}`,
    );
    expect(marked).toEqual(['• one', '• two', '3. three', '4. four']);
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,hi)',
    '![x](javascript:alert(1))',
    '<javascript:alert(1)>',
    '[x](//evil.test)',
    '[x][y]\n\n[y]: javascript:alert(1)',
  ])('holds nothing that runs or leads elsewhere: %s', source => {
    const html = page(source).join('');
    expect(html).not.toMatch(/<(?!\/?(em|strong)>)/);
  });

  it('has no tag but ours, whatever is typed', () => {
    const piece = fc.constantFrom(
      ...'<>"\'`()[]!*_\\&;: \n#-1.'.split(''),
      'javascript:',
      'https://a.test/',
      '<a href=x>',
      'mailto:a@b.c',
      '&lt;',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        for (const { page } of readMarkdown(pieces.join(''))) {
          const linked = helpers.linked(page, { fn: () => 'class="link"' } as never).toHTML();
          for (const html of [page, linked.replaceAll(' class="link"', '')]) {
            const rest = html.replace(/<\/?(em|strong)>|<a href="https?:\/\/[^"<>]*">|<\/a>/g, '');
            expect(rest).not.toMatch(/[<>"]/);
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
