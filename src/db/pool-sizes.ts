/** Connections to PostgreSQL that a process of each role opens at most. */
export const POOL_SIZES = {
  api: 10,
  /** Each of its 32 activities holds at most a few, for milliseconds at a time. */
  worker: 24,
} as const;
