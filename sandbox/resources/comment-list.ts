/** Lists of comments over a whole repository. */
import type { RepositoryCall } from '../http/call.ts';
import { choice } from '../http/choice.ts';
import { HttpError } from '../http/http-error.ts';
import { createMemo } from '../world/memo.ts';
import type { Issue } from '../world/types.ts';

interface Dated {
  id: number;
  updatedAt: number;
}

interface Row<T> {
  issue: Issue;
  comment: T;
}

/** The last change that `since` lets through, in epoch seconds. Throws HttpError 422 for what is no time. */
export function sinceOf(query: URLSearchParams): number {
  const since = query.get('since');
  const oldest = since === null ? 0 : Math.ceil(Date.parse(since) / 1000);
  if (Number.isNaN(oldest)) throw new HttpError(422, 'Validation Failed', { errors: ['invalid since'] });
  return oldest;
}

/**
 * A list that is sorted as the query asks: ascending by id unless `sort` is given, without which `direction` says nothing;
 * `since` is the comment's own `updated_at`. It is kept while the repository is as it is. Throws HttpError 422.
 */
export function createCommentList<T extends Dated>(
  commentsOf: (issue: Issue) => readonly T[],
): (call: RepositoryCall) => readonly Row<T>[] {
  const lists = createMemo<readonly Row<T>[]>((rows) => rows.length);
  return ({ context, query, repository }) => {
    const sort = choice(query, 'sort', ['created', 'created_at', 'updated'], 'created');
    const direction = choice(query, 'direction', ['asc', 'desc'], 'asc');
    const sign = query.has('sort') && direction === 'desc' ? -1 : 1;
    const oldest = sinceOf(query);
    const byTime = sort === 'updated';
    const key = [repository.id, repository.version, byTime, sign, oldest].join('|');
    return lists.get(context.world, key, () => {
      const rows: Row<T>[] = [];
      for (const issue of repository.issues.values()) {
        for (const comment of commentsOf(issue)) {
          if (comment.updatedAt >= oldest) rows.push({ issue, comment });
        }
      }
      const time = ({ comment }: Row<T>) => (byTime ? comment.updatedAt : 0);
      return rows.sort((a, b) => sign * (time(a) - time(b) || a.comment.id - b.comment.id));
    });
  };
}
