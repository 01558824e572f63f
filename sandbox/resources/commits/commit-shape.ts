/** Commits as REST shows them. */
import { iso } from '../../world/clock.ts';
import { sha1 } from './commit.ts';
import { linkedAccount } from '../accounts/account.ts';
import { fullName } from '../../world/lookup.ts';
import { nodeId } from '../../world/node-id.ts';
import type { ChangedFile, Commit, Repository, Signature } from '../../world/types.ts';
import { HTML, type Context, type Json } from '../../world/context.ts';
import { simpleUser } from '../accounts/user-shape.ts';

function gitUser(who: Signature | null): Json | null {
  return who && { name: who.name, email: who.email, date: iso(who.date) };
}

/** The account behind a signature: a user, `{}`, or null. */
function account(context: Context, who: Signature | null): Json | null {
  const linked = linkedAccount(context.world, who);
  if (linked === 'empty') return {};
  return linked && simpleUser(context, linked);
}

/** OpenAPI `commit` as lists have it: without stats and files. */
export function commitShape(context: Context, repository: Repository, commit: Commit): Json {
  const name = fullName(context.world, repository);
  const base = `${context.api}/repos/${name}`;
  const html = `${HTML}/${name}/commit`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha, repository.id),
    commit: {
      author: gitUser(commit.author),
      committer: gitUser(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${base}/git/trees/${commit.tree}` },
      url: `${base}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: unverified,
    },
    url: `${base}/commits/${commit.sha}`,
    html_url: `${html}/${commit.sha}`,
    comments_url: `${base}/commits/${commit.sha}/comments`,
    author: account(context, commit.author),
    committer: account(context, commit.committer),
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${base}/commits/${sha}`,
      html_url: `${html}/${sha}`,
    })),
  };
}

/** OpenAPI `git-commit`: Git's own object, without accounts. */
export function gitCommitShape(context: Context, repository: Repository, commit: Commit): Json {
  const name = fullName(context.world, repository);
  const base = `${context.api}/repos/${name}/git`;
  const html = `${HTML}/${name}/commit`;
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha, repository.id),
    url: `${base}/commits/${commit.sha}`,
    html_url: `${html}/${commit.sha}`,
    author: gitUser(commit.author),
    committer: gitUser(commit.committer),
    tree: { sha: commit.tree, url: `${base}/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${base}/commits/${sha}`,
      html_url: `${html}/${sha}`,
    })),
    verification: unverified,
  };
}

const unverified = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null };

/** OpenAPI `diff-entry`. */
export function fileShape(context: Context, repository: Repository, sha: string, file: ChangedFile): Json {
  const name = fullName(context.world, repository);
  const path = encodeURIComponent(file.path);
  return {
    sha: sha1(`blob ${sha} ${file.path}`),
    filename: file.path,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${HTML}/${name}/blob/${sha}/${path}`,
    raw_url: `${HTML}/${name}/raw/${sha}/${path}`,
    contents_url: `${context.api}/repos/${name}/contents/${path}?ref=${sha}`,
    patch: '@@ -1,1 +1,1 @@',
  };
}

/** Lines added and removed in all. */
export function statsOf(files: ChangedFile[]): { total: number; additions: number; deletions: number } {
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return { total: additions + deletions, additions, deletions };
}

/** With stats and files: `GET /repos/{owner}/{repo}/commits/{ref}`; at most 300 files. */
export function commitDetail(context: Context, repository: Repository, commit: Commit): Json {
  const files = commit.files.slice(0, 300);
  return {
    ...commitShape(context, repository, commit),
    stats: statsOf(commit.files),
    files: files.map((file) => fileShape(context, repository, commit.sha, file)),
  };
}
