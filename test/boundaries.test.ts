import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const architecture = await readFile(join(root, 'docs/architecture.md'), 'utf8');

/** A table of docs/architecture.md: the names in its first column, each with its last cell. */
function tableOf(head: string): Map<string, string> {
  const [, text = ''] = architecture.split(`\n| ${head} |`);
  const [table = ''] = text.split('\n\n');
  const rows = table.split('\n').slice(2);
  return new Map(
    rows.map((row) => {
      const cells = row.split('|').slice(1, -1);
      return [namesIn(cells[0])[0] ?? '', cells.at(-1) ?? ''];
    }),
  );
}

function namesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');
}

const folders = tableOf('folder');
const packages = tableOf('package');
const leaves = ['model.ts', 'errors.ts', 'jitter.ts'];
const beside = ['sandbox', 'dashboard'];
const RULE = 'boundaries/imports';

/** Where a file of a folder is planted: in the folder itself, and one level below. */
function places(folder: string): string[] {
  if (folder.endsWith('.ts')) return [`src/${folder}`];
  const path = beside.includes(folder) ? folder : `src/${folder}`;
  return [`${path}/planted`, `${path}/below/planted`];
}

/** Where an import leads to: a file of the folder, at its top and below. */
function targets(folder: string): string[] {
  if (folder.endsWith('.ts')) return [`src/${folder}`];
  const path = [...beside, 'test'].includes(folder) ? folder : `src/${folder}`;
  return [`${path}/target.ts`, `${path}/below/target.ts`];
}

interface Planted {
  path: string;
  source: string;
  allowed: boolean;
}

const planted: Planted[] = [];

/** Plants a file that imports something; its path says who imports what. */
function plant(place: string, specifier: string, options: { allowed: boolean; form?: string }): void {
  const { allowed, form = `import { x } from '…';\nexport const y = x;` } = options;
  const fixed = place.endsWith('.ts');
  // A fixed name (src/worker.ts) is a folder's whole content: each import of it has a tree of its own.
  const tree = fixed ? `tree-${planted.length}/` : 'tree/';
  const path = tree + (fixed ? place : `${place}-${planted.length}.ts`);
  planted.push({ path, source: `${form.replace('…', specifier)}\n`, allowed });
}

function specifierOf(place: string, target: string): string {
  const path = relative(dirname(place), target);
  return path.startsWith('.') ? path : `./${path}`;
}

for (const [folder, cell] of folders) {
  const imports = namesIn(cell);
  const ofTypes = [...cell.matchAll(/types of `([^`]+)`/g)].map(([, name]) => name);
  const files = imports.filter((name) => /\/.*\.ts$/.test(name));
  for (const place of places(folder)) {
    for (const other of [...folders.keys(), 'test']) {
      if (other === folder) continue;
      const typesOnly = ofTypes.includes(other);
      // A folder within this one may have the name of another.
      if (place.includes('/below/')) {
        plant(place, `../${other}/target.ts`, { allowed: true });
        plant(place.replace('below', 'below/deeper'), `../../${other}/target.ts`, { allowed: true });
      }
      for (const target of targets(other)) {
        const specifier = specifierOf(place, target);
        plant(place, specifier, { allowed: imports.includes(other) && !typesOnly });
        plant(place, specifier, { allowed: imports.includes(other), form: `export type { X } from '…';` });
      }
    }
    for (const file of files) plant(place, specifierOf(place, `src/${file}`), { allowed: true });
    // Of the leaves a row says which, or that there is none.
    const named = leaves.filter((leaf) => imports.includes(leaf));
    for (const leaf of leaves) {
      const specifier = specifierOf(place, `src/${leaf}`);
      const none = cell.includes('no leaf');
      plant(place, specifier, { allowed: !none && (named.length === 0 || named.includes(leaf)) });
      plant(place, specifier, { allowed: !none, form: `export type { X } from '…';` });
    }
    for (const [name, knownBy] of packages) {
      plant(place, name.replace('*', 'core'), { allowed: namesIn(knownBy).includes(folder) });
    }
  }
}
for (const folder of folders.keys()) {
  for (const target of targets(folder)) {
    plant('src/leaf.ts', specifierOf('src/leaf.ts', target), { allowed: false });
  }
}
for (const folder of folders.keys()) {
  if (folder.endsWith('.ts')) continue;
  const specifier = specifierOf('src/config.ts', `${targets(folder)[0]}`);
  plant('src/config.ts', specifier, { allowed: folder === 'entities' });
}
for (const name of packages.keys()) plant('src/leaf.ts', name.replace('*', 'core'), { allowed: false });
for (const form of [
  `export { x } from '…';`,
  `import type { X } from '…';\nexport type Y = X;`,
  `export * from '…';`,
  `export function load(): Promise<unknown> {\n  return import('…');\n}`,
]) {
  plant('src/db/queries/planted', '../../github/client.ts', { allowed: false, form });
  plant('src/db/queries/planted', './../../../src/github/client.ts', { allowed: false, form });
  plant('src/db/below/deeper/planted', '../../../github/client.ts', { allowed: false, form });
  plant('src/sync/below/planted', '../../github/client.ts', { allowed: true, form });
}

let workplace: string;
const refused = new Set<string>();

beforeAll(async () => {
  workplace = await mkdtemp(join(tmpdir(), 'github-auto-sync-boundaries-'));
  const config: Record<string, unknown> = JSON.parse(await readFile(join(root, '.oxlintrc.json'), 'utf8'));
  const roots = [...new Set(planted.map(({ path }) => path.slice(0, path.indexOf('/'))))];
  const { rules }: { rules?: Record<string, unknown> } = config;
  // Only the boundaries: the rules that need types would need a tree that compiles.
  const settings = JSON.stringify({
    jsPlugins: [join(root, 'lint/boundaries.mjs')],
    categories: { correctness: 'off' },
    rules: { [RULE]: rules?.[RULE] },
  });
  for (const tree of roots) {
    await mkdir(join(workplace, tree));
    await writeFile(join(workplace, tree, '.oxlintrc.json'), settings);
  }
  for (const { path, source } of planted) {
    await mkdir(dirname(join(workplace, path)), { recursive: true });
    await writeFile(join(workplace, path), source);
  }
  for (const line of await lint()) refused.add(line);
});
afterAll(() => rm(workplace, { recursive: true }));

/** The planted files that break a boundary. */
async function lint(): Promise<string[]> {
  const args = [join(root, 'node_modules/oxlint/bin/oxlint'), '--format', 'json', '.'];
  const output = await new Promise<string>((resolve) => {
    execFile(process.execPath, args, { cwd: workplace, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => {
      resolve(stdout);
    });
  });
  const { diagnostics, number_of_files: files }: Report = JSON.parse(output);
  expect(files).toBe(planted.length);
  return diagnostics.filter(({ code }) => code === 'boundaries(imports)').map(({ filename }) => filename);
}

interface Report {
  diagnostics: { code: string; filename: string }[];
  number_of_files: number;
}

describe('the boundaries between folders', () => {
  it('include every folder of src in the table of docs/architecture.md', async () => {
    const entries = await readdir(join(root, 'src'), { withFileTypes: true });
    const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    const tops = [...folders.keys()].filter((name) => !name.endsWith('.ts'));
    expect(tops.sort()).toEqual([...names, ...beside].sort());
  });

  it('are a lint rule of exactly the rows of those tables', async () => {
    const { rules }: { rules: Record<string, [string, Record<string, object>]> } = JSON.parse(
      await readFile(join(root, '.oxlintrc.json'), 'utf8'),
    );
    const [, rule] = rules[RULE] ?? [];
    expect(Object.keys(rule?.['folders'] ?? {})).toEqual([...folders.keys()]);
    expect(Object.keys(rule?.['packages'] ?? {})).toEqual([...packages.keys()]);
  });

  it('reject each import that the tables do not allow, at any depth', () => {
    expect(planted.filter(({ allowed }) => !allowed).length).toBeGreaterThan(500);
    expect(planted.filter(({ path, allowed }) => !allowed && !refused.has(path))).toEqual([]);
  });

  it('accept each import that the tables allow', () => {
    expect(planted.filter(({ allowed }) => allowed).length).toBeGreaterThan(100);
    expect(planted.filter(({ path, allowed }) => allowed && refused.has(path))).toEqual([]);
  });
});
