/** Repositories as REST and webhooks show them. */
import { iso, isoOrNull } from '../../world/clock.ts';
import { type Context, HTML, type Json } from '../../world/context.ts';
import { fullName, ownerOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import { simpleUser } from '../accounts/user-shape.ts';

// The many addresses in every repository object.

const PATHS: [key: string, path: string][] = [
  ['forks_url', '/forks'],
  ['keys_url', '/keys{/key_id}'],
  ['collaborators_url', '/collaborators{/collaborator}'],
  ['teams_url', '/teams'],
  ['hooks_url', '/hooks'],
  ['issue_events_url', '/issues/events{/number}'],
  ['events_url', '/events'],
  ['assignees_url', '/assignees{/user}'],
  ['branches_url', '/branches{/branch}'],
  ['tags_url', '/tags'],
  ['blobs_url', '/git/blobs{/sha}'],
  ['git_tags_url', '/git/tags{/sha}'],
  ['git_refs_url', '/git/refs{/sha}'],
  ['trees_url', '/git/trees{/sha}'],
  ['statuses_url', '/statuses/{sha}'],
  ['languages_url', '/languages'],
  ['stargazers_url', '/stargazers'],
  ['contributors_url', '/contributors'],
  ['subscribers_url', '/subscribers'],
  ['subscription_url', '/subscription'],
  ['commits_url', '/commits{/sha}'],
  ['git_commits_url', '/git/commits{/sha}'],
  ['comments_url', '/comments{/number}'],
  ['issue_comment_url', '/issues/comments{/number}'],
  ['contents_url', '/contents/{+path}'],
  ['compare_url', '/compare/{base}...{head}'],
  ['merges_url', '/merges'],
  ['archive_url', '/{archive_format}{/ref}'],
  ['downloads_url', '/downloads'],
  ['issues_url', '/issues{/number}'],
  ['pulls_url', '/pulls{/number}'],
  ['milestones_url', '/milestones{/number}'],
  ['notifications_url', '/notifications{?since,all,participating}'],
  ['labels_url', '/labels{/name}'],
  ['releases_url', '/releases{/id}'],
  ['deployments_url', '/deployments'],
];

/** All addresses of the repository `name` (`owner/name`) under the API base. */
function repositoryUrls(api: string, name: string): Json {
  const url = `${api}/repos/${name}`;
  return {
    html_url: `${HTML}/${name}`,
    url,
    ...Object.fromEntries(PATHS.map(([key, path]) => [key, url + path])),
    git_url: `git://github.com/${name}.git`,
    ssh_url: `git@github.com:${name}.git`,
    clone_url: `${HTML}/${name}.git`,
    svn_url: `${HTML}/${name}`,
    mirror_url: null,
  };
}

/** OpenAPI `repository`: in lists, in pull requests, in webhooks. */
export function repositoryShape(context: Context, repository: Repository): Json {
  const { world, api } = context;
  const name = fullName(world, repository);
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: name,
    private: repository.visibility !== 'public',
    owner: simpleUser(context, ownerOf(world, repository)),
    description: repository.description,
    fork: repository.parentId !== null,
    ...repositoryUrls(api, name),
    created_at: iso(repository.createdAt),
    updated_at: iso(repository.updatedAt),
    pushed_at: isoOrNull(repository.pushedAt),
    homepage: repository.homepage,
    size: repository.size,
    stargazers_count: repository.stargazers,
    watchers_count: repository.stargazers,
    language: repository.language,
    has_issues: repository.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    has_pull_requests: repository.hasPullRequests,
    pull_request_creation_policy: 'all',
    forks_count: repository.forks,
    archived: repository.archived,
    disabled: repository.disabled,
    open_issues_count: repository.openIssues,
    license: null,
    allow_forking: true,
    is_template: repository.isTemplate,
    web_commit_signoff_required: false,
    topics: repository.topics,
    visibility: repository.visibility,
    forks: repository.forks,
    open_issues: repository.openIssues,
    watchers: repository.stargazers,
    default_branch: repository.defaultBranch,
  };
}

const READ_ONLY = { admin: false, maintain: false, push: false, triage: false, pull: true };

/** As in `GET /installation/repositories`: with the App's permissions. */
export function listedRepository(context: Context, repository: Repository): Json {
  return { ...repositoryShape(context, repository), permissions: READ_ONLY };
}

/** OpenAPI `full-repository`: `GET /repos/{owner}/{repo}`. */
export function fullRepository(context: Context, repository: Repository): Json {
  const { repositories } = context.world.state;
  const owner = ownerOf(context.world, repository);
  const related = (id: number | null) => (id === null ? undefined : repositories.get(id));
  const parent = related(repository.parentId);
  const source = related(repository.sourceId);
  return {
    ...listedRepository(context, repository),
    temp_clone_token: '',
    custom_properties: {},
    ...(owner.type === 'Organization' && { organization: simpleUser(context, owner) }),
    ...(parent && { parent: repositoryShape(context, parent) }),
    ...(source && { source: repositoryShape(context, source) }),
    network_count: repository.forks,
    subscribers_count: 0,
  };
}

/** In `push` deliveries times are epoch seconds, the owner has name and e-mail, and `url` is the page people see. */
export function pushRepository(context: Context, repository: Repository): Json {
  const owner = ownerOf(context.world, repository);
  const shape = repositoryShape(context, repository);
  return {
    ...shape,
    owner: { name: owner.login, email: owner.emails[0] ?? null, ...simpleUser(context, owner) },
    url: shape['html_url'],
    created_at: repository.createdAt,
    pushed_at: repository.pushedAt,
    stargazers: repository.stargazers,
    master_branch: repository.defaultBranch,
    ...(owner.type === 'Organization' && { organization: owner.login }),
  };
}

/** The five fields of `installation_repositories` and `installation` deliveries. */
export function repositoryStub(context: Context, repository: Repository): Json {
  return {
    id: repository.id,
    node_id: nodeId('R', repository.id),
    name: repository.name,
    full_name: fullName(context.world, repository),
    private: repository.visibility !== 'public',
  };
}
