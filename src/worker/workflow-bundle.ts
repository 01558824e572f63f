import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const SOURCE = fileURLToPath(new URL('..', import.meta.url));
const BUILT = fileURLToPath(new URL('../../.build', import.meta.url));

/**
 * The workflows as the worker runs them, built beforehand by `npm run build` (which `npm ci` runs): a worker
 * then starts with half the time and memory. A bundle is named after its sources, so that a stale one is never
 * run; if there is none it is built now.
 */
export async function workflowBundle(): Promise<{ code: string } | { codePath: string }> {
  const codePath = join(BUILT, `workflows-${sourceHash()}.js`);
  if (existsSync(codePath)) return { codePath };
  const { code } = await bundle();
  try {
    mkdirSync(BUILT, { recursive: true });
    for (const old of readdirSync(BUILT)) if (/^workflows-.*\.js$/.test(old)) rmSync(join(BUILT, old));
    writeFileSync(`${codePath}.${process.pid}`, code);
    renameSync(`${codePath}.${process.pid}`, codePath);
    return { codePath };
  } catch {
    // A read-only installation: the bundle is kept in memory.
    return { code };
  }
}

/** The bundler's output is only of interest if it fails. */
async function bundle(): Promise<{ code: string }> {
  const complaints: string[] = [];
  const note = (message: string): number => complaints.push(message);
  const logger = { log() {}, trace() {}, debug() {}, info() {}, warn: note, error: note };
  try {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(SOURCE, 'workflows', 'index.ts'),
      logger,
      // Stack traces need the map, but not the sources in it.
      webpackConfigHook: (config) => ({ ...config, devtool: 'inline-nosources-source-map' }),
    });
    return { code: escapeNonAscii(code) };
  } catch (error) {
    throw new Error(`the workflows cannot be bundled:\n${complaints.join('\n')}`, { cause: error });
  }
}

/**
 * The main thread and the workflows' each keep the code, which V8 holds at two bytes a character if a single one is
 * outside of Latin-1. Such characters are in comments and plain strings, where an escape means the same.
 */
function escapeNonAscii(code: string): string {
  return code.replaceAll(
    /[\u0080-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function sourceHash(): string {
  const hash = createHash('sha256').update(process.version);
  hash.update(readFileSync(fileURLToPath(import.meta.url)));
  const folder = join(SOURCE, 'workflows');
  const files = readdirSync(folder).sort();
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)));
  // The leaves, some of which workflows import.
  const leaves = readdirSync(SOURCE).filter((file) => file.endsWith('.ts'));
  for (const file of leaves.sort()) hash.update(file).update(readFileSync(join(SOURCE, file)));
  hash.update(readFileSync(join(SOURCE, '..', 'package-lock.json')));
  return hash.digest('hex').slice(0, 16);
}
