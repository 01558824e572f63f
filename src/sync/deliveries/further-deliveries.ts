import type { Sql } from '../../db/orm.ts';
import type { PendingDelivery } from '../../db/deliveries/pending-deliveries.ts';
import type { RowCounts } from '../../model.ts';
import type { Question } from './answer-questions.ts';
import type { RepositoryContext } from '../context/repository-context.ts';

/** What the deliveries of one round tell of further kinds. Made anew for each round. */
export interface FurtherDeliveries {
  /**
   * Takes what one delivery tells. Asks nobody: the order in which deliveries are read makes no difference.
   *
   * @returns false when its event concerns none of these kinds
   * @throws when it does and cannot be read
   */
  read(delivery: PendingDelivery): boolean;
  /** Joins what was read with the rows that are here. Kinds that are not in `context.kinds` are left alone. */
  merge(context: RepositoryContext): Promise<MergedDeliveries>;
}

/** What payloads decide, and what they leave to be asked. */
export interface MergedDeliveries {
  /** writes what payloads decide, in the transaction that ends the deliveries; rows changed by table */
  write(tx: Sql): Promise<RowCounts>;
  /** asked after that transaction; their deliveries wait for the answers */
  questions: readonly Omit<Question, 'patientUntil'>[];
}
