import { z } from 'zod';
import { SyncError } from '../errors.ts';
import type { InstallationRow, RepositoryRow } from '../model.ts';
import { installationAnswer, read, repositoryListAnswer } from './answers.ts';
import type { GitHub } from './client.ts';
import { toInstallationRow, toRepositoryRow } from './map.ts';
import { pages } from './pages.ts';

/** Every installation of the App, suspended ones too; a complete list or an error. */
export async function listInstallations(github: GitHub): Promise<InstallationRow[]> {
  const rows = new Map<number, InstallationRow>();
  for await (const page of pages(github.app, '/app/installations?per_page=100', true)) {
    for (const item of read(z.array(installationAnswer), page.answer.data, 'installations')) {
      rows.set(item.id, toInstallationRow(item));
    }
  }
  return [...rows.values()];
}

/** The installation as the App sees it, or null when GitHub has none of this id. */
export async function getInstallation(
  github: GitHub,
  installationId: number,
): Promise<InstallationRow | null> {
  const answer = await github.app.get(`/app/installations/${installationId}`, [404]);
  return answer.status === 404
    ? null
    : toInstallationRow(read(installationAnswer, answer.data, 'installation'));
}

/**
 * The repositories of an installation, page by page. The end is only reached when the list did not shift
 * while it was read: as many distinct ids as its `total_count`.
 *
 * @throws SyncError LIST_SHIFTED
 */
export async function* listRepositories(
  github: GitHub,
  installationId: number,
): AsyncGenerator<RepositoryRow[]> {
  const ids = new Set<number>();
  let total = 0;
  for await (const page of pages(
    github.installation(installationId),
    '/installation/repositories?per_page=100',
    true,
  )) {
    const answer = read(repositoryListAnswer, page.answer.data, 'installation repositories');
    total = answer.total_count;
    for (const repository of answer.repositories) ids.add(repository.id);
    yield answer.repositories.map(toRepositoryRow);
  }
  if (ids.size !== total) {
    throw new SyncError('LIST_SHIFTED', `${ids.size} of ${total} repositories were listed`, {
      retryAfterMs: 1000,
    });
  }
}

/**
 * Which installation GitHub says has access to `owner/name`; null when none has (404). Follows a renamed or
 * transferred repository's redirect.
 */
export async function installationOf(github: GitHub, fullName: string): Promise<number | null> {
  const [owner = '', name = ''] = fullName.split('/');
  const path = `/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}/installation`;
  const answer = await github.app.get(path, [404]);
  return answer.status === 404 ? null : read(installationAnswer, answer.data, 'repository installation').id;
}
