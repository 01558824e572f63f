import type { Answer } from '../session/answer.ts';
import type { Unreadable } from './unreadable.ts';

/** A page of a list, as GitHub answered it or assembled from smaller ones. */
export interface Page {
  answer: Answer;
  /** where this page came from: an interrupted reading continues here */
  url: string;
  /** elements that GitHub could not answer even individually */
  holes: Unreadable[];
  /** true: the list continues behind a hole, whose cursor is unknown */
  broken: boolean;
}
