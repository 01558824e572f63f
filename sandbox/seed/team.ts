/** The people who live in the sandbox. */
import { createAccount } from '../resources/accounts/account.ts';
import { accountByLogin } from '../world/lookup.ts';
import type { Account } from '../world/types.ts';
import type { World } from '../world/world.ts';

const PEOPLE = [
  { login: 'monalisa', name: 'Mona Lisa Octocat', emails: ['mona@octo.example', 'mona@home.example'] },
  { login: 'hubert', name: 'Hubert Hubot', emails: ['hubert@octo.example'] },
  { login: 'defunkt-jr', name: 'Chris Junior', emails: ['chris@octo.example'] },
  { login: 'ada-sandbox', name: 'Ada Byron', emails: ['ada@octo.example'] },
  { login: 'grace-sandbox', name: 'Grace Murray', emails: [] },
];

const BOTS = ['dependabot[bot]', 'github-actions[bot]'];

/** The team; missing members are created. Deleted or renamed ones are not replaced. */
export function teamOf(world: World): Account[] {
  return PEOPLE.map((one) => accountByLogin(world, one.login) ?? createAccount(world, one));
}

/** The bots that work for it. */
export function botsOf(world: World): Account[] {
  return BOTS.map((login) => accountByLogin(world, login) ?? createAccount(world, { login, type: 'Bot' }));
}
