import { holeError, isListDue } from '../listings/unread-elements.ts';
import { compareWhole } from './compare-whole.ts';
import type { FurtherStep } from './further-step.ts';
import { isKnownEmpty } from './is-known-empty.ts';
import type { WholeEntity } from './whole-rows.ts';

/**
 * The step of a kind whose list is read whole, with what is shown within it, when the hourly question or that of every sweep
 * shows a change in it, in every full comparison, and an hour after something of it could not be read.
 */
export function wholeList(entity: WholeEntity): FurtherStep {
  return {
    kinds: entity.parts === null ? [entity] : [entity, entity.parts],
    async compare(context, { full, missing, hourly, changed }) {
      const isRead = missing.size === 0;
      const unread = context.repository.unread[entity.name] ?? [];
      if (full || hourly.has(entity.name) || (isRead && changed.has(entity.name)) || isListDue(unread))
        return compareWhole(context, entity);
      if (isRead || (await isKnownEmpty(context, entity))) return holeError(unread);
      return compareWhole(context, entity);
    },
  };
}
