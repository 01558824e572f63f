import { differencesOf, type Row } from './difference.ts';
import type { ExpectedRepository, Person } from './expected-repository.ts';
import type { StoredRows } from './stored-rows.ts';

/** What the database holds about people. */
export interface StoredPeople {
  contributors: ReadonlyMap<number, Row>;
  /** contributor of an address */
  owners: ReadonlyMap<string, number>;
}

export function storedPeople(stored: StoredRows): StoredPeople {
  return {
    contributors: new Map(stored('contributors').map((row) => [Number(row['id']), row])),
    owners: new Map(
      stored('contributor_emails').map(({ email, contributor_id: id }) => [String(email), Number(id)]),
    ),
  };
}

/** Every account that GitHub shows anywhere is one contributor, by its present login. */
export function compareAccounts(expected: readonly ExpectedRepository[], stored: StoredPeople): string[] {
  const shown = new Map<string, Row>();
  const add = (person: Person | null): void => {
    if (person === null) return;
    const { id, login, type, avatar_url } = person;
    shown.set(String(id), { login, type, avatar_url });
  };
  for (const one of expected) {
    for (const { person } of one.commitAuthors.values()) add(person);
    for (const person of one.itemAuthors.values()) add(person);
  }
  const known = new Map<string, Row>();
  for (const contributor of stored.contributors.values()) {
    const key = String(contributor['github_id']);
    if (shown.has(key)) known.set(key, contributor);
  }
  return differencesOf('contributors', shown, known);
}

/** Addresses that some answer links to an account: their owner is known. */
export function linkedAddresses(expected: readonly ExpectedRepository[]): Map<string, number> {
  const linked = new Map<string, number>();
  for (const { commitAuthors } of expected) {
    for (const { person, email } of commitAuthors.values()) {
      if (person !== null && email !== null) linked.set(email, person.id);
    }
  }
  return linked;
}

/**
 * Whether a commit is its author's (docs/reference.md, "Meanings"): the linked account, else the account of a noreply
 * address, else the known owner of the address, else an anonymous contributor of that address.
 *
 * @returns what is wrong, or null
 */
export function authorFault(
  author: { person: Person | null; email: string | null },
  authorId: number | null,
  stored: StoredPeople,
  linked: ReadonlyMap<string, number>,
): string | null {
  const { person, email } = author;
  const contributor = authorId === null ? undefined : stored.contributors.get(authorId);
  const noreply = /^(\d{1,15})\+[^@+\s]+@users\.noreply\.github\.com$/.exec(email ?? '');
  const account =
    person?.id ?? (noreply ? Number(noreply[1]) : email === null ? undefined : linked.get(email));
  if (account !== undefined) {
    return contributor?.['github_id'] === account
      ? null
      : `author is ${describe(contributor)}, must be account ${account}`;
  }
  if (email === null) return authorId === null ? null : `author is ${describe(contributor)}, must be nobody`;
  if (contributor === undefined) return `has no author, must be the owner of ${email}`;
  return stored.owners.get(email) === authorId
    ? null
    : `author is ${describe(contributor)}, which is not the owner of ${email}`;
}

function describe(contributor: Row | undefined): string {
  if (contributor === undefined) return 'nobody';
  const { type, login } = contributor;
  return `${String(type)} ${typeof login === 'string' ? login : '(anonymous)'}`;
}
