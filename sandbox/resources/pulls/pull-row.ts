/** Pull requests below `/pulls/{number}`. */
import type { Issue, Pull } from '../../world/types.ts';
import type { RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { notFound } from '../../http/http-error.ts';

export interface PullRow {
  issue: Issue;
  pull: Pull;
}

/** The pull request of a call's number. Throws HttpError 404. */
export function pullRow({ repository, params }: RepositoryCall): PullRow {
  const issue = repository.issues.get(Number(params['number']));
  if (!issue?.pull) throw notFound();
  return { issue, pull: issue.pull };
}

/** While pull requests are switched off nothing below `/pulls` is there. Source: reports from the field. */
export function whilePullsAreOn(handler: RepositoryRoute['handler']): RepositoryRoute['handler'] {
  return (call) => {
    if (!call.repository.hasPullRequests) throw notFound();
    return handler(call);
  };
}
