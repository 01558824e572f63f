import type { Account } from '../model.ts';
import type { RepositoryWork } from './repository-work.ts';
import { resolveAccounts } from './resolve-authors.ts';

/**
 * Issues or pull requests with their authors as contributors, ready to be written.
 *
 * @param date when GitHub answered with them
 */
export async function storeAuthored<Row extends { author: Account | null }>(
  work: RepositoryWork,
  rows: readonly Row[],
  date: string,
): Promise<(Omit<Row, 'author'> & { repository_id: number; author_id: number | null })[]> {
  const ids = await resolveAccounts(
    work.orm,
    rows.map((row) => row.author),
    date,
  );
  return rows.map(({ author, ...row }) => ({
    ...row,
    repository_id: work.repository.id,
    author_id: author === null ? null : (ids.get(author.github_id) ?? null),
  }));
}
