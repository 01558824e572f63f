import type { RepositoryRow } from '../model.ts';
import { read, repositoryAnswer } from './answers.ts';
import type { Found } from './entity-api.ts';
import { toRepositoryRow } from './map.ts';
import type { GitHubSession } from './session/session.ts';

/**
 * A repository by its id, or by its name at a GitHub that does not know the path with ids: then
 * `session.idPaths` is false from then on.
 *
 * @param root its path, by id or by name
 * @throws SyncError
 */
export async function findRepository(
  session: GitHubSession,
  root: string,
  { id, fullName }: { id: number; fullName: string },
): Promise<Found<RepositoryRow>> {
  let answer = await session.get(root, [404]);
  if (answer.status === 404 && session.idPaths) {
    answer = await session.get(`/repos/${fullName}`, [404]);
    const byName = answer.status === 200 && read(repositoryAnswer, answer.data, 'repository').id === id;
    if (!byName) return { state: answer.status === 200 ? 'replaced' : 'not_found' };
    // It exists only under its name; unless that 404 was transient.
    session.idPaths = (await session.get(root, [404])).status !== 404;
  }
  if (answer.status === 404) return { state: 'not_found' };
  const row = toRepositoryRow(read(repositoryAnswer, answer.data, 'repository'));
  return row.id === id ? { state: 'found', row, date: answer.date } : { state: 'moved' };
}
