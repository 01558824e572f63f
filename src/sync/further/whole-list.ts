import { compareWhole, type WholeEntity } from './compare-whole.ts';
import type { FurtherStep } from './further-step.ts';

/** The step of a kind whose list is read whole, when the hourly question shows a change in it and in every full comparison. */
export function wholeList(entity: WholeEntity): FurtherStep {
  return {
    kinds: [entity],
    compare: (work, { full, missing, hourly }) =>
      full || missing.has(entity.name) || hourly.has(entity.name)
        ? compareWhole(work, entity)
        : Promise.resolve(null),
  };
}
