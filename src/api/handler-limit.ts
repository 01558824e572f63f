/**
 * The time limit of every answer, unless its route has its own: beyond it, a dependency is considered
 * unavailable.
 */
export const HANDLER_MS = 10_000;
