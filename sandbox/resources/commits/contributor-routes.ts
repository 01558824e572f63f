/** Who contributed to the default branch. */
import { defaultHead } from '../branches/branch.ts';
import { historyOf } from './graph.ts';
import { accountOfEmail } from '../accounts/linkage.ts';
import { networkOf } from '../../world/lookup.ts';
import type { Account, Signature } from '../../world/types.ts';
import type { Answer, RepositoryCall, RepositoryRoute } from '../../http/call.ts';
import { HttpError } from '../../http/http-error.ts';
import { paged } from '../../http/paging.ts';
import { simpleUser } from '../accounts/user-shape.ts';

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

export const contributorRoutes: RepositoryRoute[] = [
  { method: 'GET', path: '/contributors', permission: 'metadata', handler: list },
];
