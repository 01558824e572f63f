import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What counts as one module: a folder, or a file beside folders, which puts them together or is used by them.
 *
 * @param folders all that there are
 */
function moduleOf(file: string, folders: ReadonlySet<string>): string {
  const folder = dirname(file);
  const hasFolders =
    folder === '.' || [...folders].some((other) => other !== folder && other.startsWith(`${folder}/`));
  return hasFolders ? file : folder;
}

/** Which modules each module below `top` imports, types too: folders, as one from so many levels down, or each file. */
function readImports(top: string, levels: number | 'files'): Map<string, Set<string>> {
  const files = readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  const folders = new Set(files.map((file) => dirname(file)));
  const imports = new Map<string, Set<string>>();
  for (const file of files) {
    const code = readFileSync(join(root, top, file), 'utf8');
    for (const [, path = ''] of code.matchAll(/ from '(\.{1,2}\/[^']+)'/g)) {
      const imported = join(dirname(file), path);
      if (imported.startsWith('..')) continue;
      const [from = '', to = ''] = [file, imported].map((one) =>
        levels === 'files' ? one : moduleOf(one, folders).split('/').slice(0, levels).join('/'),
      );
      if (from !== to) imports.set(from, (imports.get(from) ?? new Set()).add(to));
    }
  }
  return imports;
}

/** Takes away modules that import none of those left, again and again: what stays is in a cycle, or leads into one. */
function cyclesIn(imports: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Map(imports);
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const [name, others] of left) if (![...others].some((other) => left.has(other))) left.delete(name);
  }
  return [...left.keys()];
}

it('finds folders that import each other through a third', () => {
  const imports: [string, string][] = [
    ['sync', 'db'],
    ['db', 'rows'],
    ['rows', 'sync'],
    ['rows', 'model.ts'],
  ];
  expect(cyclesIn(new Map(imports.map(([from, to]) => [from, new Set([to])])))).toEqual([]);
  const all = new Map(
    [...Map.groupBy(imports, ([from]) => from)].map(([from, of]) => [from, new Set(of.map(([, to]) => to))]),
  );
  expect(cyclesIn(all).toSorted()).toEqual(['db', 'rows', 'sync']);
});

// Resources of the sandbox show each other, as GitHub's do: an issue its comments, a comment's delivery its issue.
it.each([
  ['src', 40, Infinity],
  ['dashboard', 15, Infinity],
  ['sandbox', 12, 1],
])('no two folders of %s import each other, directly or through others', (top, atLeast, levels) => {
  const imports = readImports(top, levels);
  expect(imports.size).toBeGreaterThan(atLeast);
  expect(cyclesIn(imports)).toEqual([]);
});

it.each(['src', 'dashboard', 'sandbox'])(
  'no two files of %s import each other, directly or through others, not even types',
  (top) => {
    const imports = readImports(top, 'files');
    expect(imports.size).toBeGreaterThan(50);
    expect(cyclesIn(imports)).toEqual([]);
  },
);
