import { databaseTime } from '../db/database-time.ts';
import { sqlOf } from '../db/orm.ts';
import { getInstallation, type InstallationAt } from '../github/app-api.ts';
import type { SyncDependencies } from './context/sync-request.ts';

/** GitHub's answer about an installation, and when it was requested, by the database's clock. */
export type InstallationAnswer = InstallationAt & { askedAt: string };

/** Requests an installation; null if this App has none of that id. */
export async function fetchInstallation(
  { orm, github }: Pick<SyncDependencies, 'orm' | 'github'>,
  installationId: number,
): Promise<InstallationAnswer | null> {
  const askedAt = await databaseTime(sqlOf(orm));
  const answer = await getInstallation(github, installationId);
  return answer && { ...answer, askedAt };
}
