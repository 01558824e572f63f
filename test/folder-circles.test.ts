import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const src = fileURLToPath(new URL('../src', import.meta.url));
const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const folders = new Set(files.map((file) => dirname(file)));

/** Files beside folders are rooms of their own: those above put the folders together, those below are used by them. */
function roomOf(file: string): string {
  const folder = dirname(file);
  const hasFolders =
    folder === '.' || [...folders].some((other) => other !== folder && other.startsWith(`${folder}/`));
  return hasFolders ? file : folder;
}

/** Which rooms each room imports, types too. */
function readArrows(): Map<string, Set<string>> {
  const arrows = new Map<string, Set<string>>();
  for (const file of files) {
    const code = readFileSync(join(src, file), 'utf8');
    for (const [, path = ''] of code.matchAll(/ from '(\.{1,2}\/[^']+)'/g)) {
      const imported = join(dirname(file), path);
      const [from, to] = [roomOf(file), roomOf(imported)];
      if (from === to || imported.startsWith('..')) continue;
      arrows.set(from, (arrows.get(from) ?? new Set()).add(to));
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

it('no two folders of src import each other, directly or through others', () => {
  const arrows = readArrows();
  expect(arrows.size).toBeGreaterThan(40);
  expect(circlesIn(arrows)).toEqual([]);
});
