import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { entities, furtherKinds } from '../../src/entities/index.ts';

const src = fileURLToPath(new URL('../../src', import.meta.url));
const architecture = readFileSync(join(src, '../docs/architecture.md'), 'utf8');
/** Statements, not sentences: what is updated is `set`. */
const WRITES =
  /(?:insert into|delete from|\bupdate(?=\s+\S+\s+(?:(?:as )?\w+\s+)?set\b))\s+(\$\{[^}]*\}|[a-z_]+\b)/g;
const described = entities.map(({ name }) => name);

/** The tables of the statements that name theirs by a variable. What `upsertRows` and `deleteExpired` write is their callers'. */
const named: Readonly<Record<string, readonly string[]>> = {
  'delete-expired.ts': [],
  'entity-rows.ts': described,
  'identities.ts': ['contributor_emails', 'contributor_emails_long'],
  'upsert-rows.ts': [],
};

/** The product's files with their statements, comments left out; migrations are no writers. */
function sources(): { path: string; code: string }[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('migrations/'))
    .map((path) => ({
      path,
      code: readFileSync(join(src, path), 'utf8').replaceAll(/\/\*\*[^]*?\*\/|^ *\/\/.*$/gm, ''),
    }));
}

/** The tables that a file writes to. */
function writtenBy(path: string, code: string): string[] {
  const tables = [...code.matchAll(WRITES)].flatMap(([statement, table = '']) => {
    if (!table.startsWith('$')) return [table];
    const of = named[basename(path)];
    if (of === undefined) throw new Error(`${path}: whose table is \`${statement}\`?`);
    return of;
  });
  if (!/ (?:upsertRows|deleteExpired)\(/.test(code)) return tables;
  const shapes = [...code.matchAll(/\btable: '(\w+)'/g)].map(([, table = '']) => table);
  return [...tables, ...shapes];
}

/** Each pair of a table and a file, once. */
function pairs(found: readonly (readonly [table: string, file: string])[]): string[] {
  return [...new Set(found.map((pair) => pair.join(': ')))].toSorted();
}

function names(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

/** What "Who owns which table" says. */
function told(): string[] {
  const [, table = ''] = architecture.split('\n| table | folder of `db` | written by |\n');
  const rows = table.split('\n\n')[0]?.split('\n').slice(1) ?? [];
  return pairs(
    rows.flatMap((row) => {
      const [tables = '', folder = '', writers] = row.split(' | ');
      const further = tables.includes('further kinds') ? furtherKinds.map(({ name }) => name) : [];
      const files = names(writers).filter((name) => name.endsWith('.ts') && !name.includes('v1-'));
      return [...names(tables), ...further].flatMap((name) =>
        files.map((file): [string, string] => [name, `db/${names(folder).join('')}/${file}`]),
      );
    }),
  );
}

/** Each table and a file that writes it. */
function written(): { table: string; path: string }[] {
  return sources().flatMap(({ path, code }) => writtenBy(path, code).map((table) => ({ table, path })));
}

describe('the tables of PostgreSQL', () => {
  it('are written only by the files of src/db that docs/architecture.md names', () => {
    expect(written().length).toBeGreaterThan(50);
    expect(told()).toEqual(pairs(written().map(({ table, path }) => [table, path])));
  });

  it('are each written in one folder', () => {
    const folders = Map.groupBy(pairs(written().map(({ table, path }) => [table, dirname(path)])), (pair) =>
      pair.replace(/: .*/, ''),
    );
    expect([...folders.values()].filter((found) => found.length > 1)).toEqual([]);
  });

  it('are written by nothing outside of src/db', () => {
    const outside = sources().filter(({ path }) => !path.startsWith('db/'));
    expect(
      outside.flatMap(({ path, code }) => [...code.matchAll(WRITES)].map(([text]) => [path, text])),
    ).toEqual([]);
  });
});
