/** The maximum number of connections to PostgreSQL per process of each role. */
export const POOL_SIZES = {
  api: 10,
  /** Each of its 32 activities holds at most a few, for milliseconds at a time. */
  worker: 24,
} as const;

/**
 * Connections that the API keeps open: as many as one health answer uses concurrently. A new connection costs a
 * PostgreSQL process, which reads its catalogue again for each statement; health would pay that whenever it is
 * requested less often than every 30 s.
 */
export const API_KEPT_OPEN = 6;
