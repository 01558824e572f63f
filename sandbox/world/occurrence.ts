/** What can happen in the world, in the shape from which the webhook deliveries are written. */
import type { Account, Repository } from './types.ts';

export type Changes = Record<string, unknown>;

export interface InRepository {
  repository: Repository;
  sender: Account;
}

/** By event. Each resource adds its own (`declare module`). */
export interface Occurrences {}

export type Occurrence = Occurrences[keyof Occurrences];
