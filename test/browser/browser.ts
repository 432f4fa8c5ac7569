import { existsSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's Chromium, or null where there is none. CHROMIUM names another. */
export const executablePath = [process.env.CHROMIUM, ...places].find(
  path => path !== undefined && existsSync(path),
);

// Where nobody looks at the output, a suite that is skipped is a suite that is lost.
if (!executablePath && process.env.CI) {
  throw new Error('there is no Chromium: install it, or name it in CHROMIUM');
}

/** Starts one browser for all tests of a file. */
export function useBrowser(): () => Browser {
  let browser: Browser | null = null;
  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
  });
  afterAll(() => browser?.close());
  return () => {
    if (!browser) throw new Error('the browser was not started');
    return browser;
  };
}

/** What axe-core finds wrong with the page, a line each: nothing is what is wanted. */
export async function faultsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: typeof axe }).axe.run(),
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(node => `${page.url()}: ${id}: ${node.target.join(' ')}: ${node.failureSummary}`),
  );
}

/** Fails where a page can be scrolled sideways. */
export async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  const [content, window] = (await page.evaluate(
    'const { scrollWidth, clientWidth } = document.documentElement; [scrollWidth, clientWidth]',
  )) as [number, number];
  expect(`${page.url()} is ${content} wide`).toBe(`${page.url()} is ${window} wide`);
}
