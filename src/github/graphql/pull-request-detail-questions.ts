/** GraphQL queries for pull requests by node id (entities of GitHub's published schema). */

const ACCOUNT = `kind: __typename login
  ... on User { databaseId } ... on Bot { databaseId } ... on Mannequin { databaseId } ... on Organization { databaseId }`;
const REVIEWS = `totalCount pageInfo { hasNextPage endCursor } nodes {
  fullDatabaseId state body submittedAt authorAssociation commit { oid } author { ${ACCOUNT} } }`;
const THREADS = `totalCount pageInfo { hasNextPage endCursor } nodes { id isResolved path resolvedBy { login } }`;

// Five connections under 25 parents: (1 + 5 × 25) / 100 = 1 point
// (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). Comments are
// never queried under threads: that costs a hundred times as many points.
export const DETAILS = `query PullRequestDetails($ids: [ID!]!, $children: Int!) { rateLimit { cost } nodes(ids: $ids) { ... on PullRequest {
  fullDatabaseId number updatedAt additions deletions changedFiles mergedBy { ${ACCOUNT} }
  comments { totalCount }
  commits(first: 1) { totalCount nodes { commit { authoredDate } } }
  reviews(first: $children) { ${REVIEWS} }
  reviewThreads(first: $children) { ${THREADS} }
  ready: timelineItems(last: 1, itemTypes: [READY_FOR_REVIEW_EVENT]) { nodes { ... on ReadyForReviewEvent { createdAt } } }
} } }`;

/** The next page of one pull request's list. */
export const MORE: Readonly<Record<'reviews' | 'reviewThreads', string>> = {
  reviews: `query MoreReviews($ids: [ID!]!, $after: String, $children: Int!) { rateLimit { cost } nodes(ids: $ids) { ... on PullRequest {
  reviews(first: $children, after: $after) { ${REVIEWS} } } } }`,
  reviewThreads: `query MoreThreads($ids: [ID!]!, $after: String, $children: Int!) { rateLimit { cost } nodes(ids: $ids) { ... on PullRequest {
  reviewThreads(first: $children, after: $after) { ${THREADS} } } } }`,
};

export const ROOTS = `query ThreadRoots($ids: [ID!]!) { rateLimit { cost } nodes(ids: $ids) { ... on PullRequestReviewThread {
  id comments(first: 1) { nodes { fullDatabaseId } } } } }`;
