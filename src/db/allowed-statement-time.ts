import { AsyncLocalStorage } from 'node:async_hooks';

const allowed = new AsyncLocalStorage<number>();

/** How long statements begun here may take, if different from the role's limit. */
export function allowedStatementMs(): number | undefined {
  return allowed.getStore();
}

/** Runs work whose statements may take this long before their connection is considered dead. */
export function allowStatementMs<T>(ms: number, work: () => Promise<T>): Promise<T> {
  return allowed.run(ms, work);
}
