/** Reactions, of which the sandbox has none. */
import type { Json } from '../world/context.ts';

/** OpenAPI `reaction-rollup`. */
export function noReactions(url: string): Json {
  return {
    url,
    total_count: 0,
    '+1': 0,
    '-1': 0,
    laugh: 0,
    hooray: 0,
    confused: 0,
    heart: 0,
    rocket: 0,
    eyes: 0,
  };
}
