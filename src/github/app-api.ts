import { z } from 'zod';
import { SyncError } from '../errors.ts';
import type { InstallationRow, RepositoryRow } from '../model.ts';
import { installationAnswer, read, repositoryAnswer, repositoryListAnswer } from './answers.ts';
import type { GitHub } from './client.ts';
import { toInstallationRow, toRepositoryRow } from './map.ts';
import { pages } from './pages/pages.ts';
import { readEach, type Unreadable } from './pages/unreadable.ts';

/** The rows of a list, and its unreadable elements: they exist, and must never count as absent. */
export interface Listed<Row> {
  rows: Row[];
  unreadable: Unreadable[];
}

/** Older than any answer. */
const OLDEST = new Date(0).toISOString();

/** An installation, and when GitHub answered with it. */
export interface InstallationAt {
  row: InstallationRow;
  /** GitHub's time, ISO 8601 */
  date: string;
}

/**
 * All installations of the App, including suspended ones; a complete list or an error.
 *
 * @returns also GitHub's time at the first page
 */
export async function listInstallations(github: GitHub): Promise<Listed<InstallationRow> & { date: string }> {
  const rows = new Map<number, InstallationRow>();
  let first: string | null = null;
  const odd: Unreadable[] = [];
  const list = pages(
    github.app,
    '/app/installations?per_page=100',
    { stable: true },
    ({ answer, holes }) => ({
      holes,
      date: answer.date,
      ...readEach(installationAnswer, answer.data, 'installations'),
    }),
  );
  for await (const { items, holes, unreadable, date } of list) {
    first ??= date;
    for (const item of items) rows.set(item.id, toInstallationRow(item));
    odd.push(...holes, ...unreadable);
  }
  return { rows: [...rows.values()], unreadable: odd, date: first ?? OLDEST };
}

/** The installation as the App sees it, or null if GitHub has none with this id. */
export async function getInstallation(
  github: GitHub,
  installationId: number,
): Promise<InstallationAt | null> {
  const { status, data, date } = await github.app.get(`/app/installations/${installationId}`, [404]);
  if (status === 404) return null;
  return { row: toInstallationRow(read(installationAnswer, data, 'installation')), date };
}

/**
 * The repositories of an installation, page by page. The end is reached only if the list did not shift while it
 * was read: it has as many distinct ids as its `total_count` (if it has one), including unreadable elements.
 *
 * @throws SyncError LIST_SHIFTED
 */
export async function* listRepositories(
  github: GitHub,
  installationId: number,
): AsyncGenerator<Listed<RepositoryRow>> {
  const ids = new Set<number>();
  let unidentified = 0;
  let total: number | null = null;
  const what = 'installation repositories';
  const list = pages(
    github.installation(installationId),
    '/installation/repositories?per_page=100',
    { stable: true },
    ({ answer, holes }) => {
      const { total_count: counted, repositories } = read(repositoryListAnswer, answer.data, what);
      return { counted, holes, ...readEach(repositoryAnswer, repositories, what) };
    },
  );
  for await (const { counted, items, holes, unreadable } of list) {
    total = counted ?? null;
    const odd = [...holes, ...unreadable];
    for (const { id } of items) ids.add(id);
    for (const { id } of odd) {
      if (id === null) unidentified += 1;
      else ids.add(id);
    }
    yield { rows: items.map(toRepositoryRow), unreadable: odd };
  }
  const listed = ids.size + unidentified;
  if (total !== null && listed !== total) {
    throw new SyncError('LIST_SHIFTED', `${listed} of ${total} repositories were listed`, {
      retryAfterMs: 1000,
    });
  }
}

/**
 * Which installation GitHub says has access to `owner/name`; null if none has (404). Follows the redirect of a
 * renamed or transferred repository.
 */
export async function installationOf(github: GitHub, fullName: string): Promise<number | null> {
  const [owner = '', name = ''] = fullName.split('/');
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/installation`;
  const answer = await github.app.get(path, [404]);
  return answer.status === 404
    ? null
    : read(z.object({ id: z.number() }), answer.data, 'repository installation').id;
}
