import type { RowKey, StorableRow } from '../../db/rows/entity-rows.ts';
import type { CountedKind, CountedRow } from '../../entities/index.ts';
import { storableRows } from '../context/store-rows.ts';
import type { RepositoryContext } from '../context/repository-context.ts';
import { joinAnnouncements, type Announcements } from '../announcements.ts';
import { mergeDeletions, type MergedDeletions } from './merge-deletions.ts';
import { mergePayloads, type Stored } from './merge-payloads.ts';
import type { CountedDeliveries } from './plan-deliveries.ts';

/** The outcome of deliveries about issues, or about pull requests. */
export interface MergedCounted {
  kind: CountedKind;
  /** rows to be written at once */
  rows: StorableRow[];
  /** those of them, and of the existing rows, that GitHub no longer has */
  deleted: MergedDeletions['marked'];
  /** what must be requested, by number */
  ask: Announcements<CountedRow>;
}

/**
 * Merges what deliveries say about a kind with its existing rows.
 *
 * @param asOf the date of the authors in the payloads
 */
export async function mergeCounted(
  context: RepositoryContext,
  kind: CountedKind,
  told: CountedDeliveries,
  known: ReadonlyMap<RowKey, Stored<CountedRow>>,
  asOf: string,
): Promise<MergedCounted> {
  const deleted = mergeDeletions(told, known);
  const merged = mergePayloads(deleted.others, known, context.repository.high_water_marks[kind.name]);
  const ask = joinAnnouncements([told.refetch, merged.ask, deleted.ask], known);
  const rows = await storableRows(context, kind, [...merged.write, ...deleted.unknown], asOf);
  return { kind, rows, deleted: deleted.marked, ask };
}
