import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm run build` leaves beside a bundle, in `manifest.json`. */
export interface RoleManifest {
  /** all files that the bundle was made from, relative to the root of the project */
  files: string[];
  hash: string;
}

/** The folder of both roles' bundle. */
export function roleBundleFolder(root = ROOT): string {
  return join(root, '.build', 'roles');
}

/** A bundle's file for a module of `src`: all of them are in one folder. */
export function bundledName(path: string): string {
  return path.replaceAll('/', '-').replace(/\.ts$/, '.js');
}

/** A hash of the content of files under `root`; it differs if one of them is missing. */
export function hashFiles(files: readonly string[], root = ROOT): string {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) {
    const path = join(root, file);
    hash.update(`\n${file}\n`).update(existsSync(path) ? readFileSync(path) : 'missing');
  }
  return hash.digest('hex');
}

/**
 * What to import for modules of `src`: the bundle that `npm run build` made of both roles
 * (`src/bundle-roles.ts`), which loads in half the time. If there is none, or one of its source files has
 * changed since, the modules themselves: a stale bundle is never run. The same holds under `node --watch`,
 * which restarts for the files that were imported.
 *
 * @returns `file:` addresses, in the order of the arguments
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
