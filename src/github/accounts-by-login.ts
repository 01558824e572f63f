import type { z } from 'zod';
import { author } from '../entities/fields.ts';
import { read } from './answers.ts';
import type { GitHubSession } from './session/session.ts';

type FoundAccount = z.output<typeof author>;

/** The account with a login, null if GitHub has none. @throws SyncError */
export type FindAccount = (login: string) => Promise<FoundAccount>;

/**
 * Requests accounts by login, each once
 * (https://docs.github.com/rest/users/users#get-a-user): GraphQL's `databaseId` is null for an id above 2^31.
 */
export function accountsByLogin(session: GitHubSession): FindAccount {
  const found = new Map<string, Promise<FoundAccount>>();
  return (login) => {
    const known = found.get(login) ?? findAccount(session, login);
    found.set(login, known);
    return known;
  };
}

async function findAccount(session: GitHubSession, login: string): Promise<FoundAccount> {
  const { status, data } = await session.get(`/users/${encodeURIComponent(login)}`, [404]);
  return status === 404 ? null : read(author, data, 'account');
}
