/** What every shape needs: the world it is read from, and the addresses written into it. */
import type { World } from './world.ts';

export interface Context {
  world: World;
  /** The API's own base, without a trailing slash. */
  api: string;
  /** Comment counts lag by this much. */
  commentLagMs?: number;
}

/** Where people would look at things. */
export const HTML = 'https://github.com';

/** A JSON object of an answer. */
export type Json = Record<string, unknown>;
