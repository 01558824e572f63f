import { SyncError } from './errors.ts';

/**
 * The result of `work`, or the error from `onLate` if it takes longer than `ms`. The work itself continues
 * until its own limits end it; its later outcome is ignored.
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

/** The error for `withinDeadline` around a query to PostgreSQL. */
export function databaseIsSilent(): SyncError {
  return new SyncError('DATABASE_UNAVAILABLE', 'the database does not answer in time');
}
