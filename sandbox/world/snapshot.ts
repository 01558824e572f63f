/** The whole state as JSON text, for `--data FILE`, and as an independent copy, for reads from a lagging replica. */
import { createWorld, type World } from './world.ts';
import type { WorldState } from './types.ts';

/** The state as JSON; Maps and Sets are written as tagged lists. */
export function serialise(state: WorldState): string {
  return JSON.stringify(state, (_key, value: unknown) => {
    if (value instanceof Map) return { $map: [...(value as Map<unknown, unknown>)] };
    if (value instanceof Set) return { $set: [...(value as Set<unknown>)] };
    return value;
  });
}

/** Reads what `serialise` wrote. */
export function deserialise(text: string): WorldState {
  const state: WorldState = JSON.parse(text, (_key, value: unknown) => {
    if (value === null || typeof value !== 'object') return value;
    if ('$map' in value) return new Map(pairs(value.$map));
    if ('$set' in value) return new Set(Array.isArray(value.$set) ? value.$set : []);
    return value;
  });
  return state;
}

function pairs(value: unknown): [unknown, unknown][] {
  if (!Array.isArray(value)) return [];
  return value.map((pair: unknown) => (Array.isArray(pair) ? [pair[0], pair[1]] : [null, null]));
}

/** A world frozen as it is now. Commits are immutable and shared; tokens and the delivery log are shared too, they never lag. */
export function replicaOf(world: World): World {
  const { networks, tokens, deliveries, ...rest } = world.state;
  const copied = new Map(
    [...networks].map(([id, network]) => [
      id,
      { id, commits: new Map(network.commits), tags: new Map(network.tags) },
    ]),
  );
  return createWorld(
    { ...structuredClone(rest), networks: copied, tokens, deliveries },
    world.repositoryState,
    world.clock,
  );
}
