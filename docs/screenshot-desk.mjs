// Makes the README's picture of the desk. Run by hand, at the top of the checkout, after
// `npm run build`, where Chromium is installed:
//   CHROMIUM=/usr/bin/chromium node docs/screenshot-desk.mjs
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';

const folder = mkdtempSync(join(tmpdir(), 'paperround-'));
const env = { PATH: process.env.PATH, TZ: 'UTC', PORT: '3979' };
const desk = spawn(process.execPath, [resolve('dist/main.js'), 'desk'], { cwd: folder, env });
const link = await new Promise(found => {
  let said = '';
  desk.stdout.on('data', text => {
    said += text;
    const [address] = /http:\S+\?key=\S+\n/.exec(said) ?? [];
    if (address) found(address.trim());
  });
});

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage({ viewport: { width: 1200, height: 860 } });
await page.goto(link);
await page.getByRole('button', { name: 'Open today’s papers' }).click();
const second = page.locator('.candidates li').nth(1);
await second.locator('[name=pick]').focus();
await page.keyboard.press('Alt+ArrowUp');
await page
  .getByLabel(/Intro/)
  .fill('Good *morning*. Two classics, and [what came of them](https://example.org/).');
await page.frameLocator('#mail').getByText('what came of them').waitFor();
await page.locator('#saved').getByText('Saved', { exact: true }).waitFor();
await page.evaluate(() => scrollTo(0, 0));
await page.mouse.click(600, 20);
await page.screenshot({ path: 'docs/desk.png' });
await browser.close();
desk.kill('SIGINT');
await new Promise(ended => desk.once('close', ended));
rmSync(folder, { recursive: true });
