/** Repositories as REST and webhooks show them. */
import { iso, isoOrNull } from '../../world/clock.ts';
import { fullName, ownerOf } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { Repository } from '../../world/types.ts';
import type { Context, Json } from '../../world/context.ts';
import { repositoryUrls } from './repository-urls.ts';
import { simpleUser } from '../accounts/user-shape.ts';

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
