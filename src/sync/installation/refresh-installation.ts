import { z } from 'zod';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import { writeInstallations } from '../../db/installations/write-installations.ts';
import { databaseTime } from '../../db/database-time.ts';
import { recordFailure } from '../../db/jobs/write-jobs.ts';
import { sqlOf } from '../../db/orm.ts';
import { SyncError } from '../../errors.ts';
import { listInstallations } from '../../github/app-api.ts';
import type { InstallationRow } from '../../model.ts';
import { fetchInstallation, type InstallationAnswer } from '../fetch-installation.ts';
import { pollUntilConsistent } from '../poll-until-consistent.ts';
import { renameOwners } from '../contributors/rename-owners.ts';
import { refusalOf, writeReturningRefused } from '../refusals.ts';
import type { SyncDependencies } from '../context/sync-request.ts';

/**
 * Stores GitHub's answer about an installation; null if the App does not have it.
 *
 * @param known its row
 * @param deliveries the deliveries about it
 * @throws SyncError
 */
export async function refreshInstallation(
  deps: SyncDependencies,
  { installationId, jobId }: { installationId: number; jobId: string },
  known: InstallationRow | null,
  deliveries: readonly PendingDelivery[],
): Promise<InstallationRow | null> {
  const answer = await pollInstallation(deps, installationId, deliveries);
  if (answer === null) return null;
  const { row: found, date, askedAt } = answer;
  const refusal = refusalOf(
    await writeReturningRefused(deps.orm, (tx) => writeInstallations(tx, [found], askedAt)),
  );
  // Without a row, nothing of an installation can be mirrored.
  if (refusal !== null && known === null) throw refusal;
  const failure = refusal ?? refusalOf(await renameOwners(deps.orm, [found], date));
  if (failure !== null) await recordFailure(sqlOf(deps.orm), jobId, failure);
  return found;
}

/** GitHub's answer about the installation, requested again while it contradicts the deliveries. */
async function pollInstallation(
  deps: SyncDependencies,
  installationId: number,
  deliveries: readonly PendingDelivery[],
): Promise<InstallationAnswer | null> {
  const hasAction = (action: string) =>
    deliveries.some((d) => d.event === 'installation' && d.action === action);
  const deleted = hasAction('deleted');
  const latest = deliveries.findLast(
    (d) => d.event === 'installation' && /^(un)?suspend$/.test(d.action ?? ''),
  );
  const login = announcedLogin(deliveries);
  let found: InstallationAnswer | null = null;
  await pollUntilConsistent(deps.consistencyDelaysMs, async () => {
    found = await fetchInstallation(deps, installationId);
    if (found === null || deleted) return (found === null) === deleted || deliveries.length === 0;
    if (login !== null && found.row.account_login !== login) return false;
    return latest === undefined || (found.row.suspended_at !== null) === (latest.action === 'suspend');
  });
  if (found !== null || deleted) return found;
  // Nobody announced its removal: the list of all installations must lack it too.
  const askedAt = await databaseTime(sqlOf(deps.orm));
  const { rows, unreadable, date } = await listInstallations(deps.github);
  const row = rows.find(({ id }) => id === installationId);
  if (row !== undefined) return { row, date, askedAt };
  if (unreadable.some(({ id }) => id === null || id === installationId)) {
    throw new SyncError('GITHUB_BAD_ANSWER', `installation ${installationId} cannot be read`);
  }
  return null;
}

const renamed = z.object({ account: z.object({ login: z.string() }) });

/** The login that the latest `installation_target.renamed` announces; null if there is none. */
function announcedLogin(deliveries: readonly PendingDelivery[]): string | null {
  const latest = deliveries.findLast(({ event }) => event === 'installation_target');
  return renamed.safeParse(latest?.payload).data?.account.login ?? null;
}
