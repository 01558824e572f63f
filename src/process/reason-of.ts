import { loggableMessage } from '../loggable-error.ts';

/** An error in one line, without values, if it needs no stack: a server that is unavailable, a port that is taken. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'EADDRINUSE') return 'the port is taken';
  // Each address of a name was tried: the first one's error stands for all.
  if (error instanceof AggregateError && error.message === '') return String(error.errors[0]);
  const message = loggableMessage(error);
  return error.cause instanceof Error ? `${message}: ${loggableMessage(error.cause)}` : message;
}
