import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { aCapture, titleOf } from '../support/capture.ts';
import { startCli } from '../support/cli.ts';
import { aPlace } from '../support/place.ts';
import { freePort, parseMail, startSink } from '../support/smtp-sink.ts';
import { executablePath, expectNoSidewaysScrolling, faultsOf, useBrowser } from './browser.ts';

const readers = 200;

/** An installation with 200 readers and a capture of twelve papers, and the link to its desk. */
async function startDesk(smtpUrl: string, command: 'start' | 'desk' = 'start') {
  const port = await freePort();
  const place = aPlace({ SMTP_URL: smtpUrl, PORT: `${port}`, DIGEST: 'capture.txt', LANES: '2' });
  place.write('capture.txt', aCapture({ papers: 12 }));
  const people = Array.from({ length: readers }, (_, at) => `reader${at + 1}@example.org`);
  place.write('list.csv', `email\n${people.join('\n')}\n`);
  await place.run('subscribers', 'import', 'list.csv');
  const run = startCli([command], place);
  let printed = '';
  run.child.stdout.on('data', chunk => {
    printed += chunk;
  });
  await run.said('Ctrl-C ends it');
  const [link = ''] = /http:\S+\/desk\?key=\S+/.exec(printed) ?? [];
  return { link, base: `http://127.0.0.1:${port}` };
}

/** A page that fails the test where the browser blocks or reports something. */
function watched(page: Page, problems: string[]): Page {
  page.on('console', message => {
    // What browsers ask for by themselves is not ours.
    const own = !message.location().url.endsWith('/favicon.ico');
    if (message.type() === 'error' && own) problems.push(message.text());
  });
  page.on('pageerror', error => problems.push(String(error)));
  return page;
}

/** Resolves once `text` is in the preview's frame. */
async function previewHas(page: Page, text: string | RegExp): Promise<void> {
  await page.frameLocator('#mail').getByText(text).first().waitFor();
}

const savedAs = (page: Page) =>
  page.locator('#saved').getByText('Saved', { exact: true }).waitFor();

describe.skipIf(!executablePath)('an editor in a real browser (needs Chromium)', () => {
  const browser = useBrowser();

  it('makes an edition, looks at it, tests it, sends it to 200, pauses, resumes and sees it end', async () => {
    let arrived = 0;
    let open = true;
    const gates: (() => void)[] = [];
    const sink = await startSink({
      onMail: async () => {
        arrived += 1;
        // Some are let through; then the server takes its time, so that there is one to pause.
        if (arrived > 31 && open) open = false;
        if (!open) await new Promise<void>(resolve => gates.push(resolve));
        return 'accept' as const;
      },
    });
    const { link } = await startDesk(sink.url);
    const problems: string[] = [];
    const page = watched(
      await browser().newPage({ viewport: { width: 1200, height: 900 } }),
      problems,
    );
    await page.goto(link);
    await page.getByRole('button', { name: 'Open today’s papers' }).click();
    await page.getByRole('radio', { name: /manual edition/ }).check();
    await savedAs(page);

    // Two picks are dropped, with the keyboard: the second and the third.
    const picks = page.locator('.candidates [name=pick]');
    expect(await page.locator('.candidates [name=pick]:checked').count()).toBe(10);
    await page.locator('h1').click();
    for (const key of ['j', 'j', 'x', 'j', 'x']) await page.keyboard.press(key);
    // And the fourth goes to the top.
    await page.keyboard.press('j');
    for (let at = 0; at < 3; at += 1) await page.keyboard.press('Alt+ArrowUp');
    expect(await picks.first().evaluate(box => box === box.ownerDocument.activeElement)).toBe(true);
    await savedAs(page);
    expect(await page.locator('#picked').textContent()).toBe('8');

    const intro =
      'Hello <script>document.title="run"</script> and [a link](https://example.org/a).';
    await page.getByLabel(/Intro/).fill(intro);
    await previewHas(page, 'Hello <script>');
    const frame = page.frameLocator('#mail');
    expect(await frame.getByRole('link', { name: 'a link' }).getAttribute('href')).toBe(
      'https://example.org/a',
    );
    await page.getByLabel('Subject').fill('Eight for you');
    const first = page.locator('.candidates li').first();
    await first.locator('summary').click();
    await first.getByLabel('Your note').fill('The one to read.');
    await previewHas(page, 'The one to read.');
    await savedAs(page);
    expect(await faultsOf(page)).toEqual([]);
    // What is typed next shows in the view that was chosen.
    await page.getByRole('link', { name: 'Phone', exact: true }).click();
    await page.locator('.frame.phone').waitFor();
    await first.getByLabel('Your note').fill('The one to read first.');
    await previewHas(page, 'The one to read first.');
    expect(await page.locator('.frame.phone').count()).toBe(1);
    await savedAs(page);

    await page.getByLabel('A test to').fill('editor@example.org');
    await page.getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('A test was sent to editor@example.org.').waitFor();
    expect(sink.recipients()).toEqual(['editor@example.org']);

    await page.getByRole('link', { name: 'Send…' }).click();
    await page.getByText('200 daily readers').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('button', { name: 'Send to 200 readers' }).dblclick();
    await page.waitForURL(/\/desk\/editions\/1$/);
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Resume' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    open = true;
    for (const go of gates.splice(0)) go();
    await page.locator('#live .big', { hasText: 'paused' }).waitFor();
    // What was in flight ends, and no more begins.
    const begun = sink.mails.length - 1;
    await page.locator('#live .numbers li', { hasText: `${begun} sent` }).waitFor();
    expect(begun).toBeLessThan(readers);
    expect(sink.mails.length - 1).toBe(begun);
    arrived = -1_000;
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('#live .big', { hasText: /^sent$/ }).waitFor();
    await page.locator('#live').getByText('200').first().waitFor();

    const edition = sink.mails.filter(({ to }) => to[0] !== 'editor@example.org');
    expect(edition).toHaveLength(readers);
    expect(new Set(edition.flatMap(({ to }) => to)).size).toBe(readers);
    const mail = edition[0] && (await parseMail(edition[0]));
    const html = `${mail?.html}`;
    expect(mail?.subject).toBe('Eight for you');
    const [main = '', also = ''] = html.split('Also today');
    const places = [4, 1, 5, 6, 7, 8, 9, 10].map(number => main.indexOf(`>${titleOf(number)}</a>`));
    expect(places.every(at => at > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const number of [2, 3]) {
      expect(main).not.toContain(`>${titleOf(number)}</a>`);
      expect(also).toContain(`>${titleOf(number)}</a>`);
    }
    expect(main).toContain('&lt;script&gt;document.title');
    expect(main).toContain('<a href="https://example.org/a"');
    expect(main).toContain('The one to read first.');
    expect(mail?.text?.replace(/\s+/g, ' ')).toContain('a link (https://example.org/a)');
    expect(problems).toEqual([]);
  }, 60_000);

  it('tells two tabs from each other, and goes on with nothing that is not saved', async () => {
    const sink = await startSink();
    const { link } = await startDesk(sink.url, 'desk');
    const context = await browser().newContext();
    const one = await context.newPage();
    await one.goto(link);
    await one.getByRole('button', { name: 'Open today’s papers' }).click();
    await one.waitForURL(/drafts/);
    const other = await context.newPage();
    await other.goto(one.url());
    await one.getByLabel('Subject').fill('Mine');
    await savedAs(one);
    await other.getByLabel('Subject').fill('Theirs');
    await other.getByText(/changed in another tab/).waitFor();
    await other.getByRole('link', { name: 'Load it again' }).click();
    await other.waitForLoadState();
    expect(await other.getByLabel('Subject').inputValue()).toBe('Mine');

    const draft = one.url();
    const checked = one.locator('.candidates [name=pick]:checked');
    while ((await checked.count()) > 0) await checked.first().uncheck();
    await one.getByLabel('Subject').fill('Of nothing');
    await one.getByText(/pick at least one/).waitFor();
    await one.getByRole('button', { name: 'Send a test' }).click();
    await one.getByText('No test was sent: what you typed is not saved.').waitFor();
    await one.getByRole('link', { name: 'Send…' }).click();
    await one.waitForLoadState('networkidle');
    expect([one.url(), sink.mails.length]).toEqual([draft, 0]);
    await one.locator('.candidates [name=pick]').first().check();
    await savedAs(one);
    await one.getByRole('link', { name: 'Send…' }).click();
    await one.getByRole('heading', { name: 'Of nothing' }).waitFor();
    await context.close();
  }, 30_000);

  it('finds all pages fit for everybody, narrow and wide, light and dark', async () => {
    const sink = await startSink({ rejects: address => address.startsWith('reader1@') });
    const { link, base } = await startDesk(sink.url);
    const faults: string[] = [];
    const storage = await browser().newContext();
    const start = await storage.newPage();
    await start.goto(link);
    await start.getByRole('button', { name: 'Open today’s papers' }).click();
    await start.waitForURL(/drafts/);
    const draft = new URL(start.url()).pathname;
    await start.goto(`${base}${draft}/send`);
    await start.getByRole('button', { name: 'Send to 200 readers' }).click();
    await start.locator('#live .big', { hasText: /^sent$/ }).waitFor();
    const cookies = await storage.cookies();
    for (const [colorScheme, width] of [
      ['light', 1200],
      ['dark', 375],
      ['light', 375],
    ] as const) {
      const context = await browser().newContext({ colorScheme, viewport: { width, height: 800 } });
      await context.addCookies(cookies);
      const page = await context.newPage();
      for (const path of [
        '/desk',
        '/desk?q=question',
        draft,
        `${draft}?view=plain`,
        `${draft}/preview`,
        `${draft}/preview?view=source`,
        `${draft}/send`,
        '/desk/calendar',
        '/desk/editions/1',
        '/desk/readers?q=reader1',
        '/desk/editions/1/none',
      ]) {
        await page.goto(`${base}${path}`);
        faults.push(...(await faultsOf(page)));
        await expectNoSidewaysScrolling(page);
      }
      // A list that cannot be imported before a question about it is answered.
      await page.goto(`${base}/desk/readers`);
      await page.getByLabel('The file').setInputFiles({
        name: 'members.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from('email,Consent\nada@x.example,given\nbob@x.example,withdrawn\n'),
      });
      for (const button of ['Look at it', 'Look at it again']) {
        await page.getByRole('button', { name: button, exact: true }).click();
        await page.getByText('Nothing was changed').waitFor();
        faults.push(...(await faultsOf(page)));
        await expectNoSidewaysScrolling(page);
        if (button === 'Look at it') await page.getByLabel('withdrawn').check();
      }
      await context.clearCookies();
      await page.goto(`${base}/desk`);
      faults.push(...(await faultsOf(page)));
      await context.close();
    }
    expect(faults).toEqual([]);
  }, 120_000);
});
