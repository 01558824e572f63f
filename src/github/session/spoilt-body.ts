import { SyncError } from '../../errors.ts';

/** A body that is no answer: cut off, spoilt or too long on its way. What is asked for in smaller parts may come whole. */
export class SpoiltBody extends SyncError {
  constructor(message: string) {
    super('GITHUB_BAD_ANSWER', message);
  }
}
