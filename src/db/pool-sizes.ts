/** Connections to PostgreSQL that a process of each role opens at most. */
export const POOL_SIZES = {
  api: 10,
  /** Each of its 32 activities holds at most a few, for milliseconds at a time. */
  worker: 24,
} as const;

/**
 * Connections that the API keeps: as many statements as one answer of health takes side by side. A new one costs a process of
 * PostgreSQL, which reads its catalogue again for each statement; health would pay that whenever it is asked for less than every 30 s.
 */
export const API_KEPT_OPEN = 6;
