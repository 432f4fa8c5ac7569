// Makes the README's pictures of a mail, in the light and in the dark. Run by hand, at the top of
// the checkout, where Chromium is installed:
//   npm install --no-save playwright-core
//   CHROMIUM=/usr/bin/chromium node docs/screenshots.mjs
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const folder = mkdtempSync(join(tmpdir(), 'paperround-'));
const preview = ['dist/main.js', 'preview', 'sample', '--date', '2025-09-03', '--out', folder];
execFileSync(process.execPath, preview, { stdio: 'inherit' });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
for (const [colorScheme, path] of [
  ['light', 'docs/edition.png'],
  ['dark', 'docs/edition-dark.png'],
]) {
  const viewport = { width: 680, height: 760 };
  const page = await browser.newPage({ viewport, colorScheme, deviceScaleFactor: 1.5 });
  await page.goto(`file://${join(folder, 'edition.html')}`);
  await page.screenshot({ path });
}
await browser.close();
rmSync(folder, { recursive: true });
