/**
 * What resources add to the world: where their ids start, how their node ids begin, and what every repository has of them, as it
 * is in a new one. Worlds on disk that were written before get the same.
 */
import type { AllOf } from '../world/all-of.ts';
import { labelState } from './labels/label-state.ts';
import { milestoneState } from './milestones/milestone-state.ts';
import { releaseState } from './releases/release-state.ts';

const states = [labelState, milestoneState, releaseState] as const;

type State = (typeof states)[number];

export const firstIds: AllOf<State['firstIds']> = Object.assign(
  Object.create(Object.prototype),
  ...states.map((state) => state.firstIds),
);

export const nodeIds: AllOf<State['nodeIds']> = Object.assign(
  Object.create(Object.prototype),
  ...states.map((state) => state.nodeIds),
);

export type OwnState = AllOf<ReturnType<State['inRepository']>>;

/** What a new repository has of every resource. */
export function ownState(): OwnState {
  return Object.assign(Object.create(Object.prototype), ...states.map((state) => state.inRepository()));
}
