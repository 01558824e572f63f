import type { SyncError } from '../../errors.ts';
import type { PullRequestDetail } from '../../github/graphql/pull-request-detail.ts';

/** A pull request whose detail could not be read, and why. */
export interface LeftOut {
  number: number;
  error: SyncError;
}

export interface DetailsOutcome {
  /** the numbers of those that GitHub does not show */
  notFound: number[];
  /** the numbers of those that are completely stored */
  had: number[];
  leftOut: LeftOut[];
  /** those that REST showed in full, except for their review threads */
  withoutThreads: LeftOut[];
  /** why the rest was not requested: GitHub itself fails; null if everything was */
  unavailable: SyncError | null;
}

export const nothingRead: DetailsOutcome = {
  notFound: [],
  had: [],
  leftOut: [],
  withoutThreads: [],
  unavailable: null,
};

/** Stores details; returns those that could not be stored in full. */
export type TakeDetails = (details: readonly PullRequestDetail[], date: string) => Promise<LeftOut[]>;
