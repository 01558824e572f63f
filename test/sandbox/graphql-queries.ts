/** What a mirror asks GitHub: one query for each kind of thing. */

export const SWEEP = `query Sweep($ids:[ID!]!){ rateLimit{cost nodeCount remaining resetAt used limit}
 nodes(ids:$ids){ __typename id ... on Repository{ databaseId nameWithOwner name isPrivate visibility isArchived isDisabled isLocked isEmpty isFork isTemplate pushedAt updatedAt createdAt diskUsage hasIssuesEnabled
  owner{__typename id login}
  defaultBranchRef{ name prefix target{ __typename oid ... on Commit{ committedDate history(first:1){totalCount} } } }
  issuesTotal:issues{totalCount} prsTotal:pullRequests{totalCount}
  issues(first:1, orderBy:{field:UPDATED_AT,direction:DESC}){ totalCount nodes{ number updatedAt } }
  pullRequests(first:1, orderBy:{field:UPDATED_AT,direction:DESC}){ totalCount nodes{ number updatedAt } }
  refs(refPrefix:"refs/heads/"){ totalCount } } } }`;

export const HISTORY = `query H($id:ID!,$oid:GitObjectID!,$after:String,$since:GitTimestamp){ rateLimit{cost remaining}
 node(id:$id){ ... on Repository{ object(oid:$oid){ ... on Commit{ history(first:100, after:$after, since:$since){ totalCount pageInfo{hasNextPage endCursor}
  nodes{ oid message authoredDate committedDate additions deletions changedFilesIfAvailable parents(first:10){totalCount nodes{oid}}
   author{name email date user{databaseId login id}} committer{name email date user{databaseId login id}}
   authors(first:20){totalCount nodes{name email user{databaseId login}}} } } } } } } }`;

export const ISSUES = `query I($id:ID!,$since:DateTime!,$after:String){ rateLimit{cost remaining}
 node(id:$id){ ... on Repository{ issues(first:100, after:$after, filterBy:{since:$since}, orderBy:{field:UPDATED_AT,direction:ASC}){ totalCount pageInfo{hasNextPage endCursor}
  nodes{ id fullDatabaseId number title body state stateReason createdAt updatedAt closedAt locked activeLockReason isPinned author{__typename login ... on User{databaseId} ... on Bot{databaseId} ... on Mannequin{databaseId} ... on Organization{databaseId}} labels(first:30){totalCount nodes{name color}} assignees(first:10){totalCount nodes{databaseId login}} milestone{number title} comments{totalCount} } } } } }`;

export const PULLS = `query P($id:ID!,$after:String){ rateLimit{cost remaining}
 node(id:$id){ ... on Repository{ pullRequests(first:50, after:$after, orderBy:{field:UPDATED_AT,direction:DESC}){ totalCount pageInfo{hasNextPage endCursor}
  nodes{ id fullDatabaseId number title body state isDraft createdAt updatedAt closedAt mergedAt merged mergeCommit{oid} mergedBy{login} additions deletions changedFiles baseRefName baseRefOid headRefName headRefOid headRepository{id nameWithOwner} headRepositoryOwner{login} author{__typename login ... on User{databaseId} ... on Bot{databaseId}} labels(first:30){nodes{name}} assignees(first:10){nodes{databaseId login}} milestone{number} comments{totalCount} commits{totalCount} } } } } }`;

export const COMPARE = `query C($id:ID!,$ref:String!,$head:String!,$after:String){ node(id:$id){ ... on Repository{ ref(qualifiedName:$ref){ compare(headRef:$head){ status aheadBy behindBy commits(first:100, after:$after){ totalCount pageInfo{hasNextPage endCursor} nodes{ oid } } } } } } }`;

export const ALIASES = `query A{ a:repository(owner:"o",name:"r1",followRenames:false){id databaseId pushedAt} b:repository(owner:"o",name:"r2"){id} rateLimit(dryRun:true){cost nodeCount} viewer{login databaseId} }`;
