import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import type { Sql } from '../../db/orm.ts';
import type { RowCounts } from '../../model.ts';
import type { Question } from './answer-questions.ts';
import type { RepositoryContext } from '../context/repository-context.ts';

/** What the deliveries of one round say about further kinds. Created anew for each round. */
export interface FurtherDeliveries {
  /**
   * Reads one delivery. It asks nobody: the order of deliveries makes no difference.
   *
   * @returns false if its event concerns none of these kinds
   * @throws if it does but cannot be read
   */
  read(delivery: PendingDelivery): boolean;
  /** Merges what was read with the existing rows. Kinds that are not in `context.kinds` are left alone. */
  merge(context: RepositoryContext): Promise<MergedDeliveries>;
}

/** What payloads decide, and the requests they leave to make. */
export interface MergedDeliveries {
  /** writes what payloads decide, in the transaction that completes the deliveries; rows changed per table */
  write(tx: Sql): Promise<RowCounts>;
  /** sent after that transaction; their deliveries wait for the answers */
  questions: readonly Omit<Question, 'patientUntil'>[];
}

/** Deliveries that leave nothing to write and nothing to ask. */
export const nothingMerged: MergedDeliveries = { write: () => Promise.resolve({}), questions: [] };
