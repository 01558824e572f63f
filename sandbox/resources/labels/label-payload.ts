import type { Context, Json } from '../../world/context.ts';
import type { LabelOccurrence } from '../../world/occurrence.ts';
import { labelShape } from './label-shape.ts';

export function labelPayload(context: Context, { repository, label, changes }: LabelOccurrence): Json {
  return { label: labelShape(context, repository, label), ...(changes && { changes }) };
}
