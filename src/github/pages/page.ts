import type { Answer } from '../session/session.ts';
import type { Unreadable } from './unreadable.ts';

/** A page of a list, as GitHub answered it or put together from smaller ones. */
export interface Page {
  answer: Answer;
  /** where this page came from: a reading that was interrupted continues here */
  url: string;
  /** elements that GitHub could not answer even alone */
  holes: Unreadable[];
  /** true: the list continues behind a hole, where only a cursor that is unknown would lead */
  broken: boolean;
}
