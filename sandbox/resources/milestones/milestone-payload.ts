import type { Context, Json } from '../../world/context.ts';
import { milestoneShape } from './milestone-shape.ts';
import type { MilestoneOccurrence } from './milestone.ts';

/** The event's own keys. */
export function milestonePayload(context: Context, occurrence: MilestoneOccurrence): Json {
  const { repository, milestone, changes } = occurrence;
  return { milestone: milestoneShape(context, repository, milestone), ...(changes && { changes }) };
}
