import { SyncError } from './errors.ts';

/**
 * What `scope` gives, or the error of `onLate` once `ms` have passed. The work itself continues: its own bounds end
 * it, and what becomes of it then is nobody's business any more.
 */
export async function withinDeadline<T>(ms: number, work: Promise<T>, onLate: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(onLate()), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** For `withinDeadline` around a question to PostgreSQL. */
export function databaseIsSilent(): SyncError {
  return new SyncError('DATABASE_UNAVAILABLE', 'the database does not answer in time');
}
