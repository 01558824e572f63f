import { REFUSED_ROWS } from '../../db/repositories/find-refused.ts';
import type { OpenIssuesSource } from '../../db/repositories/upsert-repositories.ts';
import type { StoredRepository } from '../../db/repository-sync/repository-state.ts';
import { countedKinds } from '../../entities/index.ts';
import type { Readable } from '../../model.ts';
import { isAllSwitchedOn, isPermitted, type Switches } from './readable.ts';

type Known = Switches & Pick<StoredRepository, 'high_water_marks' | 'unread'>;

/**
 * Where the number of open issues and pull requests comes from. It changes no timestamp that would show which
 * of two payloads is later, so it is counted here as soon as both lists were read to their end, whatever else
 * of the repository is unavailable. GitHub is asked if some of them cannot be in the rows: switched off, not
 * permitted, left out, or their list failed.
 */
export function openIssuesSource(repository: Known, may: Readable): OpenIssuesSource {
  const isShown = countedKinds.every(
    (kind) => isPermitted(kind, may) && (repository.unread[kind.name] ?? []).length === 0,
  );
  if (!isShown || !isAllSwitchedOn(repository) || isSomeRefused(repository)) return 'github';
  const isRead = countedKinds.every(({ name }) => repository.high_water_marks[name] !== null);
  return isRead ? 'rows' : 'payload';
}

function isSomeRefused({ unread }: Known): boolean {
  const tables = new Set<string | undefined>(countedKinds.map(({ name }) => name));
  return (unread[REFUSED_ROWS] ?? []).some(({ row }) => tables.has(row?.split(' ')[0]));
}
