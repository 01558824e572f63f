/** Comparing two commits. */
import { compare } from './graph.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import { resolve } from '../branches/push.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { HttpError, notFound } from '../../http/http-error.ts';
import { paged, pageRequest } from '../../http/paging.ts';
import { commitShape, fileShape } from './commit-shape.ts';
import { HTML } from '../../world/context.ts';

/** Commits without paging, and files in any case. Source: OpenAPI `repos/compare-commits`. */
const MAX_COMMITS = 250;
const MAX_FILES = 300;

function handler(call: RepositoryCall): Answer {
  const { context, repository } = call;
  const { world } = context;
  const network = networkOf(world, repository);
  const [baseName, headName] = names(call.params['*'] ?? '');
  const base = network.commits.get(resolve(world, repository, baseName) ?? '');
  const head = network.commits.get(resolve(world, repository, headName) ?? '');
  if (!base || !head) throw notFound();
  const result = compare(world, network, base.sha, head.sha);
  const mergeBase = network.commits.get(result?.mergeBase ?? '');
  if (!result || !mergeBase) {
    throw new HttpError(404, `No common ancestor between ${baseName} and ${headName}.`);
  }
  const pagedAnswer = call.query.has('page') || call.query.has('per_page');
  const page = pagedAnswer
    ? paged(call, call.base, result.ahead)
    : { items: result.ahead.slice(-MAX_COMMITS), headers: {} };
  const commits = page.items.map((sha) => network.commits.get(sha)).filter((one) => one !== undefined);
  const path = `${fullName(world, repository)}/compare/${baseName}...${headName}`;
  const html = `${HTML}/${path}`;
  return {
    headers: page.headers,
    body: {
      url: `${context.api}/repos/${path}`,
      html_url: html,
      permalink_url: html,
      diff_url: `${html}.diff`,
      patch_url: `${html}.patch`,
      base_commit: commitShape(context, repository, base),
      merge_base_commit: commitShape(context, repository, mergeBase),
      status: result.status,
      ahead_by: result.ahead.length,
      behind_by: result.behindBy,
      total_commits: result.ahead.length,
      commits: commits.map((commit) => commitShape(context, repository, commit)),
      files: pageRequest(call.query).page === 1 ? filesOf(call, result.ahead, head.sha) : [],
    },
  };
}

function names(text: string): [base: string, head: string] {
  const parts = text.split('...');
  const [base, head] = parts;
  if (parts.length !== 2 || !base || !head) throw notFound();
  return [base, head];
}

function filesOf({ context, repository }: RepositoryCall, shas: string[], head: string) {
  const network = networkOf(context.world, repository);
  const files = new Map(
    shas.flatMap((sha) => (network.commits.get(sha)?.files ?? []).map((file) => [file.path, file])),
  );
  return [...files.values()].slice(0, MAX_FILES).map((file) => fileShape(context, repository, head, file));
}

export const compareRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/compare/*', permission: 'contents', handler },
];
