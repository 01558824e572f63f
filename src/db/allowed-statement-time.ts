import { AsyncLocalStorage } from 'node:async_hooks';

const allowed = new AsyncLocalStorage<number>();

/** How long the statements begun here may take, where that differs from what the role allows. */
export function allowedStatementMs(): number | undefined {
  return allowed.getStore();
}

/** Runs work whose statements may take so long before their connection is treated as dead. */
export function allowStatementMs<T>(ms: number, work: () => Promise<T>): Promise<T> {
  return allowed.run(ms, work);
}
