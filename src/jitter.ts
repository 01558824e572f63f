/**
 * A delay with up to a tenth added, in whole milliseconds, at least one: all that wait for one reset would otherwise
 * come back in the same instant. Pure but for `Math.random`, which Temporal makes repeatable: workflows may import it.
 */
export function withJitter(delayMs: number): number {
  return Math.max(1, Math.ceil(delayMs * (1 + Math.random() * 0.1)));
}
