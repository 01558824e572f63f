import type { Entity, EntityRow } from '../../entities/entity.ts';
import { countedKinds } from '../../entities/index.ts';
import type { Readable } from '../../model.ts';
import { isPermitted } from '../context/readable.ts';

/** A row that belongs to an issue or pull request, which GitHub identifies by its number: a comment. */
export type CommentRow = EntityRow & {
  readonly id: number;
  readonly number: number;
  readonly updated_at: string;
};

/** A kind of comments, which GitHub lists for a whole repository and counts per parent. */
export type CommentKind<Row extends CommentRow = CommentRow> = Entity<string, Row>;

export function isCommentKind(kind: Entity): kind is CommentKind {
  return kind.list.by === 'since' && kind.list.ofParent !== undefined;
}

/** The tables that contain its rows' parents. */
export function parentTables({ parents }: CommentKind): string[] {
  return parents.map(({ entity }) => entity);
}

/** The issues or pull requests that the App may not read although it may read their comments. */
export function deniedParents({ parents }: CommentKind, may: Readable): string[] {
  const denied = countedKinds.filter((kind) => !isPermitted(kind, may)).map(({ name }) => name as string);
  return parents.flatMap(({ entity }) => (denied.includes(entity) ? [entity] : []));
}
