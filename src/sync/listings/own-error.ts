import { isUnusableAnswer, type SyncError } from '../../errors.ts';

/**
 * GitHub's answer about a single object, or why there is none where that is the object's own fault: GitHub fails at it, or
 * shows what cannot be read.
 *
 * @throws every other error, which the next object would meet as well
 */
export async function orOwnError<T>(asked: Promise<T>): Promise<T | SyncError> {
  try {
    return await asked;
  } catch (error) {
    if (!isUnusableAnswer(error)) throw error;
    return error;
  }
}
