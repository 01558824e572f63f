import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import type { SyncError } from '../../errors.ts';
import { currentCheckpoint, done } from '../checkpoints.ts';
import { wholeListError, isListDue } from '../context/unread-elements.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { compareWhole } from './compare-whole.ts';
import type { FurtherStep } from './further-step.ts';
import { isKnownEmpty } from './is-known-empty.ts';
import type { WholeEntity } from './whole-rows.ts';

/**
 * The step of a kind whose list is read whole, with the rows shown within it: if the hourly query or that of
 * every sweep shows a change, in every full comparison, and if something in it could not be read (`isListDue`).
 */
export function wholeList(entity: WholeEntity): FurtherStep {
  return {
    kinds: entity.parts === null ? [entity] : [entity, entity.parts],
    list: entity,
    async compare(context, { full, missing, hourly, changed }) {
      if (full) return compareOnce(context, entity);
      const isRead = missing.size === 0;
      const unread = context.repository.unread[entity.name] ?? [];
      if (
        hourly.has(entity.name) ||
        (isRead && entity.changesWith.some((name) => changed.has(name))) ||
        isListDue(unread)
      )
        return compareWhole(context, entity);
      if (isRead || (await isKnownEmpty(context, entity))) return wholeListError(unread);
      return compareWhole(context, entity);
    },
  };
}

/** Further rounds of the same full comparison, for later steps, do not read the list again. */
async function compareOnce(context: RepositoryContext, entity: WholeEntity): Promise<SyncError | null> {
  const { checkpoints } = context.repository;
  const key = checkpointKeys.furtherWhole(entity.name);
  if (currentCheckpoint(checkpoints[key]) !== undefined) return null;
  const began_at = new Date().toISOString();
  const error = await compareWhole(context, entity);
  if (error !== null) return error;
  const ended = done(began_at);
  await context.save((tx) => context.saveCheckpoint(tx, key, ended));
  return null;
}
