import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A page, and what it complained of. */
export interface Screen {
  page: Page;
  /** messages of the console, uncaught errors, refusals of the policy; failed requests are the test's to expect */
  complaints: string[];
  open: (path: string) => Promise<void>;
  /** Faults that axe finds on what is shown, one line each. */
  axe: (rules?: readonly string[]) => Promise<string[]>;
  /** How many pixels the page is wider than its window. */
  overflow: () => Promise<number>;
}

/** Debian's Chromium, or the one that CHROMIUM_PATH names. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  if (!existsSync(executablePath)) {
    throw new Error(
      `no browser at ${executablePath}: "apt-get install chromium", or set CHROMIUM_PATH to a Chromium or Chrome`,
    );
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

/** A window of a person who was never here before. */
export async function openScreen(
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Screen> {
  const context = await browser.newContext({ baseURL, viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') return;
    if (!message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  return {
    page,
    complaints,
    open: async (path) => {
      await page.goto(path);
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.locator('[role=status]:has-text("Loading")').first().waitFor({ state: 'detached' });
    },
    axe: async (rules = []) => {
      const only = rules.length === 0 ? '' : `runOnly: ${JSON.stringify(rules)}`;
      await page.evaluate(axeSource);
      const { violations }: AxeResults = await page.evaluate(
        `axe.run(document, { resultTypes: ['violations'], ${only} })`,
      );
      return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
    },
    overflow: () => page.evaluate('document.documentElement.scrollWidth - innerWidth'),
  };
}
