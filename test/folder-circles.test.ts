import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Files beside folders are rooms of their own: those above put the folders together, those below are used by them.
 *
 * @param folders all that there are
 */
function roomOf(file: string, folders: ReadonlySet<string>): string {
  const folder = dirname(file);
  const hasFolders =
    folder === '.' || [...folders].some((other) => other !== folder && other.startsWith(`${folder}/`));
  return hasFolders ? file : folder;
}

/** Which rooms each room below `top` imports, types too. */
function readArrows(top: string): Map<string, Set<string>> {
  const files = readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.tsx?$/.test(file),
  );
  const folders = new Set(files.map((file) => dirname(file)));
  const arrows = new Map<string, Set<string>>();
  for (const file of files) {
    const code = readFileSync(join(root, top, file), 'utf8');
    for (const [, path = ''] of code.matchAll(/ from '(\.{1,2}\/[^']+)'/g)) {
      const imported = join(dirname(file), path);
      if (imported.startsWith('..')) continue;
      const [from, to] = [roomOf(file, folders), roomOf(imported, folders)];
      if (from !== to) arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
    }
  }
  return arrows;
}

/** Takes away rooms from which no arrow leads further, again and again: what stays is in a circle, or leads into one. */
function circlesIn(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const left = new Map(arrows);
  for (let size = -1; size !== left.size;) {
    size = left.size;
    for (const [room, others] of left) if (![...others].some((other) => left.has(other))) left.delete(room);
  }
  return [...left.keys()];
}

it('finds folders that import each other through a third', () => {
  const arrows: [string, string][] = [
    ['sync', 'db'],
    ['db', 'rows'],
    ['rows', 'sync'],
    ['rows', 'model.ts'],
  ];
  expect(circlesIn(new Map(arrows.map(([from, to]) => [from, new Set([to])])))).toEqual([]);
  const all = new Map(
    [...Map.groupBy(arrows, ([from]) => from)].map(([from, of]) => [from, new Set(of.map(([, to]) => to))]),
  );
  expect(circlesIn(all).toSorted()).toEqual(['db', 'rows', 'sync']);
});

it.each([
  ['src', 40],
  ['dashboard', 15],
])('no two folders of %s import each other, directly or through others', (top, atLeast) => {
  const arrows = readArrows(top);
  expect(arrows.size).toBeGreaterThan(atLeast);
  expect(circlesIn(arrows)).toEqual([]);
});
