/** A resource of the sandbox is one file, as far as that has at most 300 lines (docs/decisions/0041). */
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

/** As `eslint/max-lines` allows a file. */
const MOST = 300;

const root = fileURLToPath(new URL('../..', import.meta.url));
const resources = 'sandbox/resources';
const code = new Map(
  globSync('{sandbox,test,bench}/**/*.ts', { cwd: root }).map((file) => [
    file,
    readFileSync(resolve(root, file), 'utf8'),
  ]),
);
const folders = [
  ...new Set(globSync(`${resources}/*/*.ts`, { cwd: root }).map((file) => dirname(file))),
].sort();

function linesOf(file: string): number {
  return (code.get(file) ?? '').split('\n').length - 1;
}

/** Without its imports, which the file that it would be part of mostly has. */
function ownLines(file: string): number {
  const imports = [...(code.get(file) ?? '').matchAll(/^import [^;]*;\n/gm)];
  return linesOf(file) - imports.reduce((sum, [text]) => sum + text.split('\n').length - 1, 0);
}

function importersOf(file: string): string[] {
  const name = basename(file);
  return [...code].flatMap(([other, text]) => {
    const paths = [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, path = '']) => path);
    const isImporter = paths.some(
      (path) => path.endsWith(name) && resolve(root, dirname(other), path) === resolve(root, file),
    );
    return isImporter ? [other] : [];
  });
}

describe.each(folders)('%s', (folder) => {
  const files = [...code.keys()].filter((file) => dirname(file) === folder);

  it('would be more than 300 lines in one file', () => {
    expect(files.reduce((sum, file) => sum + ownLines(file), 0)).toBeGreaterThan(MOST);
  });

  it('is registered by one file, which only the list of resources imports', () => {
    const registering = files.filter((file) => file.endsWith('-resource.ts'));
    expect(registering.map(importersOf)).toEqual([[`${resources}/index.ts`]]);
  });

  it('has no file for a single other one that could contain it', () => {
    const apart = files.filter((file) => {
      const [only, ...others] = importersOf(file);
      if (only === undefined || others.length > 0 || dirname(only) !== folder) return false;
      return ownLines(file) + linesOf(only) <= MOST;
    });
    expect(apart).toEqual([]);
  });
});
