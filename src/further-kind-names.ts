/**
 * The kinds of GitHub's data that can be left out, by table (`furtherKinds` in `src/entities`). Here, so that settings
 * are judged before anything is connected.
 */
export const furtherKindNames: readonly string[] = [
  'labels',
  'milestones',
  'releases',
  'release_assets',
  'tags',
  'pull_request_review_comments',
  'pull_request_reviews',
  'pull_request_review_threads',
  'issue_comments',
];
