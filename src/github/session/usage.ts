import { AsyncLocalStorage } from 'node:async_hooks';

/** What a piece of work costs at GitHub: requests sent (token mints too) and GraphQL points. */
export interface Usage {
  requests: number;
  points: number;
}

const current = new AsyncLocalStorage<{ usage: Usage; signal: AbortSignal | undefined }>();

/** Runs `work` so that every request sent within counts into `usage` and is aborted by `signal`. */
export function countUsage<T>(
  usage: Usage,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return current.run({ usage, signal }, work);
}

/** Takes out what was counted so far, to be written down once. */
export function takeUsage(usage: Usage): Usage {
  const taken = { ...usage };
  usage.requests = 0;
  usage.points = 0;
  return taken;
}

/** Gives back what could not be written down. */
export function returnUsage(usage: Usage, { requests, points }: Usage): void {
  usage.requests += requests;
  usage.points += points;
}

export function countRequest(): void {
  const store = current.getStore();
  if (store) store.usage.requests += 1;
}

export function countPoints(points: number): void {
  const store = current.getStore();
  if (store) store.usage.points += points;
}

export function currentSignal(): AbortSignal | undefined {
  return current.getStore()?.signal;
}
