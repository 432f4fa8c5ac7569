import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startCli } from '../support/cli.ts';
import { freePort } from '../support/smtp-sink.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { executablePath, expectNoSidewaysScrolling, faultsOf, useBrowser } from './browser.ts';

/** The demo, with its sample edition sent, its pages and its inbox. */
async function startDemo(): Promise<string> {
  const port = await freePort();
  const run = startCli(['start'], { cwd: tempFolder(), env: { PORT: `${port}` } });
  await run.said('Ctrl-C ends it');
  return `http://127.0.0.1:${port}`;
}

/** The address in the newest mail to `to` that has one which fits; looked for until it is there. */
async function linkInMail(base: string, to: string, pattern: RegExp): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const inbox = await (await fetch(`${base}/inbox`)).text();
    const mails = [...inbox.matchAll(/href="(\/inbox\/[^"]+)"[\s\S]*?to ([^ ]+) /g)];
    for (const [, path] of mails.filter(([, , who]) => who === to)) {
      const text = await (await fetch(`${base}${path}/text`)).text();
      const link = pattern.exec(text.replace(/=\r?\n/g, ''))?.[0];
      if (link) return link;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  throw new Error(`no mail to ${to} with ${pattern}`);
}

/** All links to this installation in the mails to `to`. */
async function ownLinks(base: string, to: string): Promise<readonly string[]> {
  const last = await linkInMail(base, to, /http\S+\/unsubscribe\/\S+/);
  const inbox = await (await fetch(`${base}/inbox`)).text();
  const paths = [...inbox.matchAll(/href="(\/inbox\/[^"]+)"/g)].map(([, path]) => path);
  const texts = await Promise.all(
    paths.map(async path => (await fetch(`${base}${path}/source`)).text()),
  );
  const mine = texts
    .filter(text => text.includes(`To: <${to}>`))
    .join('\n')
    .replace(/=\r?\n/g, '');
  const links = mine.match(/http:\/\/127\.0\.0\.1[^\s<>"]+/g) ?? [];
  return [...new Set([last, ...links])];
}

/** A reader's whole life, by what they see and press. `look` is called on each page. */
async function wholeLife(
  browser: Browser,
  base: string,
  reader: string,
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const see = async (heading: RegExp) => {
    await page.getByRole('heading', { level: 1, name: heading }).waitFor();
    await look(page);
  };

  await page.goto(base);
  await look(page);
  await page
    .getByLabel(/address/i)
    .first()
    .fill(reader);
  // Nobody is quicker, and who is is asked again.
  await page.waitForTimeout(2_100);
  await page.getByRole('button', { name: 'Subscribe' }).click();
  await see(/inbox/i);

  await page.goto(await linkInMail(base, reader, /http\S+\/confirm\/\S+/));
  await see(/click|confirm/i);
  await page.getByRole('button', { name: /confirm/i }).click();
  await see(/on the list/i);

  // The welcome: the latest edition, with links of one's own.
  const preferences = await linkInMail(base, reader, /http\S+\/preferences\/\S+/);
  await page.goto(preferences);
  await see(/./);
  await page.getByRole('radio', { name: /week/i }).check();
  await page.getByRole('button', { name: /save/i }).click();
  await page.getByText('Saved').waitFor();
  await look(page);
  expect(await page.getByRole('radio', { name: /week/i }).isChecked()).toBe(true);

  await page.goto(await linkInMail(base, reader, /http\S+\/unsubscribe\/\S+/));
  await see(/unsubscribe/i);
  await page.getByRole('button', { name: 'Unsubscribe' }).click();
  await see(/unsubscribed/i);
  await page.getByRole('button', { name: /undo|back/i }).click();
  await see(/back on the list/i);
  await page.goto(preferences);
  expect(await page.getByRole('radio', { name: /week/i }).isChecked()).toBe(true);
  await context.close();
}

describe.skipIf(!executablePath)('a reader in a real browser (needs Chromium)', () => {
  const browser = useBrowser();

  it('subscribes, confirms, reads, changes, leaves and comes back; on a phone, in the dark, without JavaScript', async () => {
    const base = await startDemo();
    const faults: string[] = [];
    const look = async (page: Page) => {
      faults.push(...(await faultsOf(page)));
      await expectNoSidewaysScrolling(page);
    };
    await wholeLife(browser(), base, 'ada@example.org', {}, look);
    const phone = { viewport: { width: 320, height: 640 }, colorScheme: 'dark' } as const;
    await wholeLife(browser(), base, 'grace@example.org', phone, look);
    // Without JavaScript there is nothing to look with.
    const plain = { javaScriptEnabled: false };
    await wholeLife(browser(), base, 'emmy@example.org', plain, async () => {});
    expect(faults).toEqual([]);
  }, 60_000);

  it('is changed by no link that a scanner opens, with JavaScript and for long', async () => {
    const base = await startDemo();
    const reader = 'ada@demo.example';
    const links = await ownLinks(base, reader);
    expect(links.length).toBeGreaterThan(3);
    const before = await (
      await fetch(`${links.find(link => link.includes('/preferences/'))}`)
    ).text();
    const context = await browser().newContext();
    await Promise.all(
      links.map(async link => {
        const page = await context.newPage();
        await page.goto(link);
        await page.waitForTimeout(5_000);
      }),
    );
    await context.close();
    const after = await (
      await fetch(`${links.find(link => link.includes('/preferences/'))}`)
    ).text();
    expect(after).toBe(before);
    expect(after).toContain('Save');
  }, 60_000);

  it('finds all other pages fit for everybody, light and dark, narrow and wide', async () => {
    const base = await startDemo();
    const day = new Date().toISOString().slice(0, 10);
    const faults: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser().newContext({
        colorScheme,
        viewport: { width: colorScheme === 'dark' ? 320 : 1200, height: 800 },
      });
      const page = await context.newPage();
      for (const path of [
        '/subscribe',
        '/editions',
        `/editions/${day}`,
        '/editions?q=nothing-like-that',
        '/privacy',
        '/nowhere',
        '/confirm/x',
        '/preferences/x',
        '/unsubscribe/x',
        '/inbox',
      ]) {
        await page.goto(`${base}${path}`);
        faults.push(...(await faultsOf(page)));
        await expectNoSidewaysScrolling(page);
      }
      await context.close();
    }
    expect(faults).toEqual([]);
  }, 60_000);
});
