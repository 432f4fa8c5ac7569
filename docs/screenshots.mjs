// Makes the README's pictures of a mail, in the light and in the dark, and of the preview. Run by
// hand, where Chromium is installed (CHROMIUM names another): npm run screenshots
import { execFileSync, spawn } from 'node:child_process';
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

const server = spawn(process.execPath, [...preview.slice(0, -2)], {
  stdio: ['ignore', 'pipe', 'ignore'],
});
const address = await new Promise(resolve => {
  server.stdout.on('data', said => resolve(/http:\S+/.exec(`${said}`)?.[0]));
});
const page = await browser.newPage({ viewport: { width: 1200, height: 860 } });
await page.goto(address);
await page.frameLocator('#mail').getByRole('heading', { level: 1 }).waitFor();
await page.locator('iframe[style*="height"]').waitFor();
await page.screenshot({ path: 'docs/preview.png' });
server.kill('SIGINT');

await browser.close();
rmSync(folder, { recursive: true });
