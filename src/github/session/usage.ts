import { AsyncLocalStorage } from 'node:async_hooks';
import type { Purpose } from './purposes.ts';

/** The cost of a piece of work at GitHub: requests sent (including those for tokens) and GraphQL points. */
export interface Usage {
  requests: number;
  points: number;
}

interface Asking {
  usage: Usage;
  signal: AbortSignal | undefined;
  purpose: Purpose;
  /** see `prioritize` */
  isFirst?: boolean;
}

const current = new AsyncLocalStorage<Asking>();

/** Runs `work` so that every request sent within it counts towards `usage` and is aborted by `signal`. */
export function countUsage<T>(
  usage: Usage,
  signal: AbortSignal | undefined,
  work: () => Promise<T>,
): Promise<T> {
  return current.run({ usage, signal, purpose: 'people' }, work);
}

/** Sets the purpose of the requests within `countUsage` from now on; for people by default. */
export function setPurpose(purpose: Purpose): void {
  const store = current.getStore();
  if (store) store.purpose = purpose;
}

/**
 * Runs `work`, which is part of what `countUsage` runs, so that its requests go before others with the same
 * purpose.
 */
export function prioritize<T>(work: () => Promise<T>): Promise<T> {
  const store = current.getStore();
  return store === undefined ? work() : current.run({ ...store, isFirst: true }, work);
}

/** Whether requests go before others with the same purpose. */
export function isPrioritized(): boolean {
  return current.getStore()?.isFirst === true;
}

/** The current purpose. */
export function currentPurpose(): Purpose {
  return current.getStore()?.purpose ?? 'people';
}

/** Takes out what was counted so far, so that it is recorded once. */
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
