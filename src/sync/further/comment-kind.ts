import type { CommentTable } from '../../db/rows/comment-counts.ts';
import type { Entity, EntityRow } from '../../entities/entity.ts';

/** A comment on an issue or pull request, which GitHub names by its number. */
export type CommentRow = EntityRow & {
  readonly id: number;
  readonly number: number;
  readonly updated_at: string;
};

/** A kind of comments, which GitHub lists over a whole repository and counts for each parent. */
export type CommentKind<Row extends CommentRow = CommentRow> = Entity<CommentTable, Row>;

/** The tables that its rows' parents are in. */
export function parentTables({ parents }: CommentKind): string[] {
  return parents.map(({ entity }) => entity);
}
