import { checkpointKeys } from '../../db/repository-sync/checkpoint-keys.ts';
import { countedKinds, type CountedKind } from '../../entities/index.ts';
import { readList } from '../listings/read-list.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import type { FurtherStep } from './further-step.ts';

/**
 * Kinds that were read before they had all of their columns are listed once more: values of new columns are
 * neither a difference from GitHub nor counted as one.
 */
export const fillColumns: FurtherStep = {
  kinds: countedKinds,
  async compare(context, { missing }) {
    await fillIn(context, missing);
    return null;
  },
};

/** Fills in the columns that were added to these kinds. Throws TimeSliceExpired when the round is over. */
export async function fillIn(context: RepositoryContext, missing: ReadonlySet<string>): Promise<void> {
  const kinds: readonly CountedKind[] = countedKinds;
  for (const kind of kinds.filter(({ name }) => missing.has(name)))
    await readList(context, kind, { since: null, recordIds: false, key: checkpointKeys.further(kind.name) });
}
