import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

/** A file of the built dashboard, held in memory: all of them together take less than a megabyte. */
export interface BuiltFile {
  type: string;
  etag: string;
  plain: Buffer;
  /** null if compression gains nothing */
  gzipped: Buffer | null;
}

const FOLDER = fileURLToPath(new URL('../../../.build/dashboard/', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The output of `npm run build`, by path (`index.html`, `assets/…`); null if it has not run. */
export function loadBuiltFiles(): ReadonlyMap<string, BuiltFile> | null {
  const files = new Map<string, BuiltFile>();
  try {
    for (const name of readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })) {
      const type = types[extname(name)];
      if (type !== undefined) files.set(name.replaceAll('\\', '/'), load(join(FOLDER, name), type));
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return files.has('index.html') ? files : null;
}

function load(path: string, type: string): BuiltFile {
  const plain = readFileSync(path);
  const etag = `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`;
  return { type, etag, plain, gzipped: type.startsWith('font/') ? null : gzipSync(plain) };
}
