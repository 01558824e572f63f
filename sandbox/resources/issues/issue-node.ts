/** `Issue`. */
import type { Json } from '../../world/context.ts';
import type { Issue, Repository } from '../../world/types.ts';
import { issueTypeNode, subIssuesNode } from './issue-relations.ts';
import type { Reading } from '../../graphql/viewer.ts';
import { conversation } from './conversation-fields.ts';

/** An issue that is no pull request. */
export function issueNode(viewer: Reading, repository: Repository, issue: Issue): Json {
  return {
    __typename: 'Issue',
    ...conversation(viewer, repository, issue, issue.id),
    state: issue.state.toUpperCase(),
    stateReason: ({ enableDuplicate }: { enableDuplicate: boolean }) =>
      stateReason(issue.stateReason, enableDuplicate),
    isPinned: false,
    parent: () => {
      const parent = repository.issues.get(issue.parentNumber ?? 0);
      return parent ? viewer.show.item(repository, parent) : null;
    },
    issueType: issueTypeNode(issue),
    subIssuesSummary: () => subIssuesNode(viewer.context, repository, issue),
  };
}

/**
 * Duplicates are shown only to clients that ask for them; others see "not planned", as before GitHub had the
 * reason.
 */
function stateReason(reason: Issue['stateReason'], enableDuplicate: boolean): string | null {
  if (reason === 'duplicate' && !enableDuplicate) return 'NOT_PLANNED';
  return reason && reason.toUpperCase();
}
