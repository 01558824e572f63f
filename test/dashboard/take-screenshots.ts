import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser, openScreen } from './browser.ts';

/**
 * `npm run screenshots -- http://127.0.0.1:8000`: the README's pictures, of an `npm start` with the sandbox whose
 * import is done.
 */
const [url = 'http://127.0.0.1:8000'] = process.argv.slice(2);
const folder = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const REPOSITORY = 'octo-sandbox/app';

mkdirSync(folder, { recursive: true });
const browser = await launchBrowser();
for (const colorScheme of ['light', 'dark'] as const) {
  const { page, open } = await openScreen(browser, url, { colorScheme });
  const shoot = (name: string) => page.screenshot({ path: join(folder, `${name}-${colorScheme}.png`) });
  await open('/');
  await page
    .getByRole('row', { name: /Completed/ })
    .first()
    .waitFor();
  await shoot('overview');
  await open(`/repositories?q=${REPOSITORY}`);
  await page.getByRole('link', { name: REPOSITORY, exact: true }).click();
  await page.getByText('Newest commits').waitFor();
  await page.getByText('Time to merge').waitFor();
  await shoot('repository');
  await open('/pull-requests');
  await page.getByText('Longest waiting', { exact: true }).waitFor();
  await page
    .getByRole('row', { name: /Approved/ })
    .first()
    .waitFor();
  await shoot('pull-requests');
}
await browser.close();
