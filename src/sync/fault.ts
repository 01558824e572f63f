import { isDatabaseUnavailable, isOvertaken } from '../db/database-errors.ts';
import { SyncError, type ErrorCode } from '../errors.ts';

/** Errors of the installation or of GitHub as a whole: the next repository would fare no better. */
const ofInstallation = new Set<ErrorCode>([
  'RATE_LIMITED',
  'SECONDARY_RATE_LIMITED',
  'INSTALLATION_SUSPENDED',
  'INSTALLATION_REMOVED',
  'BAD_CREDENTIALS',
  'APP_MISMATCH',
  'IP_NOT_ALLOWED',
]);
/** Somebody else works on the repository, or it is not there any more: nothing failed. */
const ofNobody = new Set<ErrorCode>(['LEASE_BUSY', 'LEASE_LOST', 'REPOSITORY_UNKNOWN']);

/**
 * Whose fault it is that a repository could not be worked on:
 * `nobody`: it is somebody else's turn;
 * `installation`: no repository of it is available now;
 * `database`: nothing can be written down now, whatever it is about;
 * `repository`: everything else, what GitHub shows of it, a value that PostgreSQL refuses (SQLSTATE classes 22, 23
 * and 54), a statement or a lock that took too long, and a defect of ours: others continue.
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
