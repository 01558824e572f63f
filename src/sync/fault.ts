import { isDatabaseUnavailable, isOvertaken } from '../db/database-errors.ts';
import { SyncError, type ErrorCode } from '../errors.ts';

/** Errors of the installation or of GitHub as a whole: the next repository would fail too. */
const ofInstallation = new Set<ErrorCode>([
  'RATE_LIMITED',
  'SECONDARY_RATE_LIMITED',
  'INSTALLATION_SUSPENDED',
  'INSTALLATION_REMOVED',
  'BAD_CREDENTIALS',
  'APP_MISMATCH',
  'IP_NOT_ALLOWED',
]);
/** Another process is syncing the repository, or it no longer exists: nothing failed. */
const ofNobody = new Set<ErrorCode>(['LEASE_BUSY', 'LEASE_LOST', 'REPOSITORY_UNKNOWN']);

/**
 * What caused a repository's failure. `nobody`: another process is at it. `installation`: no repository of the
 * installation is available now. `database`: nothing can be written now, whatever it concerns. `repository`:
 * everything else (what GitHub shows of it, a value that PostgreSQL rejects (SQLSTATE classes 22, 23 and 54), a
 * statement or lock that took too long, a defect of ours), so others continue.
 */
export type Fault = 'nobody' | 'installation' | 'database' | 'repository';

export function faultOf(error: unknown): Fault {
  if (error instanceof SyncError) {
    if (ofNobody.has(error.code)) return 'nobody';
    if (error.code === 'DATABASE_UNAVAILABLE') return 'database';
    return ofInstallation.has(error.code) ? 'installation' : 'repository';
  }
  return isDatabaseUnavailable(error) && !isOvertaken(error) ? 'database' : 'repository';
}
