/** What can happen in the world, in the form from which webhook deliveries are made. */
import type { Account, Repository } from './types.ts';

export type Changes = Record<string, unknown>;

export interface InRepository {
  repository: Repository;
  sender: Account;
}

/** By event. Each resource adds its own (`declare module`). */
export interface Occurrences {}

export type Occurrence = Occurrences[keyof Occurrences];
