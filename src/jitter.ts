/**
 * A delay with up to a tenth added, in whole milliseconds, at least one. Otherwise all that wait for the same
 * reset would come back at the same instant. Pure except for `Math.random`, which Temporal makes deterministic,
 * so workflows may import it.
 */
export function withJitter(delayMs: number): number {
  return Math.max(1, Math.ceil(delayMs * (1 + Math.random() * 0.1)));
}
