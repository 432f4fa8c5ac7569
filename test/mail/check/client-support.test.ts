import { describe, expect, it } from 'vitest';
import { clients } from '../../../src/mail/check/compatibility.ts';
import { corpusFiles, readCorpusFile } from '../../support/corpora.ts';

type Stats = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
type Data = {
  readonly last_update_date: string;
  readonly data: readonly {
    readonly slug: string;
    readonly category: string;
    readonly stats: Stats;
  }[];
};

/** What the newest version that was tested can do: `y`, `a` (in part), `n`, or `u`. */
function newest(stats: Stats, family: string, platform: string): string {
  const versions = Object.values(stats[family]?.[platform] ?? {});
  return versions.at(-1)?.[0] ?? 'u';
}

function tableOf({ last_update_date, data }: Data): string {
  const rows = data
    .filter(({ category }) => category !== 'others')
    .map(({ slug, stats }) => {
      const letters = clients.map(({ family, platform }) => newest(stats, family, platform));
      return `  '${slug}': '${letters.join('')}',`;
    });
  return `/**
 * Which mail client supports which HTML and CSS: an extract of the data of https://www.caniemail.com
 * as of ${last_update_date.slice(0, 10)} (\`npx vitest run test/mail/check/client-support.test.ts -u\` writes it). A
 * letter a client, in the order of \`clients\`: yes, almost, no, unknown.
 *
 * The data were taken from the package caniemail, under the MIT licence:
 *
 * Copyright © Avi Goldman
 * Copyright © Andrew Powell <andrew@shellscape.org>
 *
 * Permission is hereby granted, free of charge, to any person obtaining a copy of this software
 * and associated documentation files (the "Software"), to deal in the Software without
 * restriction, including without limitation the rights to use, copy, modify, merge, publish,
 * distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the
 * Software is furnished to do so, subject to the following conditions:
 *
 * The above copyright notice and this permission notice shall be included in all copies or
 * substantial portions of the Software.
 *
 * THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING
 * BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
 * NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
 * DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
 * OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
 */
export const clientSupport: Readonly<Record<string, string>> = {
${rows.join('\n')}
};
`;
}

describe('what mail clients support', () => {
  it('is what the data of Can I email say', async () => {
    const [file = ''] = corpusFiles('email-clients', '.json');
    const data: Data = JSON.parse(readCorpusFile('email-clients', file).toString());
    await expect(tableOf(data)).toMatchFileSnapshot('../../../src/mail/check/client-support.ts');
  });
});
