import { SyncError } from '../../errors.ts';

/** A body that is not an answer: truncated, corrupt or too long. Smaller parts of it may arrive intact. */
export class UnreadableBody extends SyncError {
  constructor(message: string) {
    super('GITHUB_BAD_ANSWER', message);
  }
}
