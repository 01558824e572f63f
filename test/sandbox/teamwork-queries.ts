/** What a mirror asks of GitHub about how a team works. */

export const WIDE = `query Wide($ids:[ID!]!,$contents:Boolean!,$issues:Boolean!,$deployments:Boolean!){ rateLimit{cost} nodes(ids:$ids){ ... on Repository{ databaseId
  labels(first:1,orderBy:{field:CREATED_AT,direction:DESC}) @include(if:$issues){totalCount nodes{updatedAt}}
  milestones(first:1,orderBy:{field:UPDATED_AT,direction:DESC}) @include(if:$issues){totalCount nodes{updatedAt}}
  releases(first:1,orderBy:{field:CREATED_AT,direction:DESC}) @include(if:$contents){totalCount nodes{databaseId updatedAt}}
  latestRelease @include(if:$contents){databaseId updatedAt}
  tags:refs(first:1,refPrefix:"refs/tags/",orderBy:{field:TAG_COMMIT_DATE,direction:DESC}) @include(if:$contents){totalCount nodes{name target{oid}}}
  deployments(first:1,orderBy:{field:CREATED_AT,direction:DESC}) @include(if:$deployments){totalCount nodes{databaseId updatedAt}} } } }`;

export const DETAIL = `query Detail($ids:[ID!]!){ rateLimit{cost} nodes(ids:$ids){ ... on PullRequest{ fullDatabaseId number updatedAt additions deletions changedFiles totalCommentsCount
  mergedBy{__typename login ... on User{databaseId} ... on Bot{databaseId}} comments{totalCount} commits(first:1){totalCount nodes{commit{oid authoredDate}}}
  reviews(first:100){totalCount pageInfo{hasNextPage endCursor} nodes{fullDatabaseId state body submittedAt updatedAt authorAssociation commit{oid} author{__typename login ... on User{databaseId} ... on Bot{databaseId} ... on Mannequin{databaseId}}}}
  reviewThreads(first:100){totalCount pageInfo{hasNextPage endCursor} nodes{id isResolved resolvedBy{login databaseId} path}}
  ready:timelineItems(last:1,itemTypes:[READY_FOR_REVIEW_EVENT]){nodes{... on ReadyForReviewEvent{createdAt}}} } } }`;

export const ROOTS = `query Roots($ids:[ID!]!){ nodes(ids:$ids){ ... on PullRequestReviewThread{ id isResolved comments(first:1){nodes{fullDatabaseId}} } } }`;

export const SENTINELS = `query Sent($id:ID!,$after:String){ node(id:$id){ ... on Repository{ pullRequests(first:100,after:$after,orderBy:{field:CREATED_AT,direction:ASC}){ totalCount pageInfo{hasNextPage endCursor}
  nodes{fullDatabaseId number updatedAt additions deletions changedFiles totalCommentsCount comments{totalCount} reviews{totalCount}} } } } }`;

export const TAGS = `query Tags($id:ID!,$after:String){ node(id:$id){ ... on Repository{ refs(refPrefix:"refs/tags/",first:100,after:$after,orderBy:{field:ALPHABETICAL,direction:ASC}){ totalCount pageInfo{hasNextPage endCursor}
  nodes{ name target{__typename oid ... on Tag{tagger{name email date} message target{__typename oid}}} } } } } }`;
