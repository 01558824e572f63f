import { itemsOf } from '../../github/pages/page-items.ts';
import type { Page } from '../../github/pages/page.ts';
import { sizeOf } from '../../github/pages/page-urls.ts';
import type { GitHubSession } from '../../github/session/session.ts';

/**
 * Whether the delivery log goes on behind a full page without a `Link` header, as behind a proxy that passes on only some
 * headers: only the header has the cursor of the next page. A log of exactly one page has no such header either, unlike
 * its first entry alone.
 *
 * @throws SyncError
 */
export async function isCutOff(session: GitHubSession, { url, answer }: Page): Promise<boolean> {
  const isFull = itemsOf(answer.data)?.length === sizeOf(url);
  if (answer.links.isMissing !== true || !isFull) return false;
  const first = await session.get('/app/hook/deliveries?per_page=1');
  return first.links.isMissing === true;
}
