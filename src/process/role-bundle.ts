import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm run build` leaves beside a bundle, in `manifest.json`. */
export interface RoleManifest {
  /** all that the bundle was made of, below the root of the project */
  files: string[];
  hash: string;
}

/** Where the bundle of both roles is. */
export function roleBundleFolder(root = ROOT): string {
  return join(root, '.build', 'roles');
}

/** The file of a bundle that stands for a module of `src`: all of them lie side by side. */
export function bundledName(path: string): string {
  return path.replaceAll('/', '-').replace(/\.ts$/, '.js');
}

/** A hash of the content of files, given below `root`; it is another one where one of them is missing. */
export function hashFiles(files: readonly string[], root = ROOT): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    const path = join(root, file);
    hash.update(`\n${file}\n`).update(existsSync(path) ? readFileSync(path) : 'missing');
  }
  return hash.digest('hex');
}

/**
 * What is imported for modules of `src`, given below it: the bundle that `npm run build` made of both roles
 * (`src/bundle-roles.ts`), which is read in half the time. Where there is none, or one of the files it was made of has
 * changed since, it is the modules themselves: a stale bundle is never run. So it is by `node --watch`, which restarts for
 * the files that were imported.
 *
 * @returns `file:` addresses, in the order asked
 */
export function roleAddresses(paths: readonly string[], root = ROOT): string[] {
  const folder = roleBundleFolder(root);
  const isBundled = process.env['WATCH_REPORT_DEPENDENCIES'] === undefined && isFresh(folder, root);
  return paths.map(
    (path) => pathToFileURL(isBundled ? join(folder, bundledName(path)) : join(root, 'src', path)).href,
  );
}

function isFresh(folder: string, root: string): boolean {
  const manifest = join(folder, 'manifest.json');
  if (!existsSync(manifest)) return false;
  const { files, hash }: RoleManifest = JSON.parse(readFileSync(manifest, 'utf8'));
  return hashFiles(files, root) === hash;
}
