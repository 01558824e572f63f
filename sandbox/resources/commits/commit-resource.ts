/** Who contributed to the default branch, and what differs between two commits. */
import { demand } from '../../graphql/viewer.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { HttpError, notFound } from '../../http/http-error.ts';
import { paged, pageRequest } from '../../http/paging.ts';
import { HTML } from '../../world/context.ts';
import { fullName, networkOf } from '../../world/lookup.ts';
import type { Account, Signature } from '../../world/types.ts';
import { accountOfEmail } from '../accounts/account.ts';
import { simpleUser } from '../accounts/user-shape.ts';
import { defaultHead } from '../branches/branch.ts';
import { resolve } from '../branches/push.ts';
import { target } from '../branches/ref-node.ts';
import { defineResource } from '../resource.ts';
import { commitRoutes } from './commit-routes.ts';
import { commitShape, fileShape } from './commit-shape.ts';
import { compare, historyOf } from './graph.ts';

/** At most this many author addresses are linked to accounts. Source: OpenAPI `repos/list-contributors`. */
const LINKED_EMAILS = 500;

const TOO_LARGE =
  'The history or contributor list is too large to list contributors for this repository via the API.';

interface Contributor {
  account: Account | null;
  author: Signature;
  contributions: number;
}

function list(call: RepositoryCall): Answer {
  const { context, repository, query, base } = call;
  if (repository.contributorsTooLarge) throw new HttpError(403, TOO_LARGE);
  const head = defaultHead(repository);
  if (head === null) return { status: 204 };
  const anonymous = ['1', 'true'].includes(query.get('anon') ?? '');
  const all = contributorsOf(call, head).filter(({ account }) => account !== null || anonymous);
  const { items, headers } = paged(call, base, all);
  const body = items.map(({ account, author, contributions }) =>
    account
      ? { ...simpleUser(context, account), contributions }
      : { email: author.email, name: author.name, type: 'Anonymous', contributions },
  );
  return { headers, body };
}

/** By number of commits; an account's addresses are one contributor. */
function contributorsOf({ context, repository }: RepositoryCall, head: string): Contributor[] {
  const network = networkOf(context.world, repository);
  const emails = new Map<string, Contributor>();
  const accounts = new Map<number, Contributor>();
  for (const sha of historyOf(context.world, network, head).shas) {
    const author = network.commits.get(sha)?.author;
    if (!author) continue;
    const key = author.email.toLowerCase();
    const known = emails.get(key) ?? contributor(context.world, author, emails.size, accounts);
    known.contributions += 1;
    emails.set(key, known);
  }
  return [...new Set(emails.values())].sort((a, b) => b.contributions - a.contributions);
}

function contributor(
  world: RepositoryCall['context']['world'],
  author: Signature,
  emailsBefore: number,
  accounts: Map<number, Contributor>,
): Contributor {
  const account = emailsBefore < LINKED_EMAILS ? accountOfEmail(world, author.email) : null;
  const known = account && accounts.get(account.id);
  if (known) return known;
  const made = { account, author, contributions: 0 };
  if (account) accounts.set(account.id, made);
  return made;
}

const contributorRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/contributors', permission: 'metadata', handler: list },
];

// Comparing two commits.

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

const compareRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/compare/*', permission: 'contents', handler },
];

export const commitResource = defineResource({
  routes: [...commitRoutes, ...compareRoutes, ...contributorRoutes],
  actions: {},
  nodes: {
    C: (viewer, repository, id) => {
      demand(viewer, repository, 'contents');
      return target(viewer, repository, String(id));
    },
  },
});
