import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const SOURCE = fileURLToPath(new URL('.', import.meta.url));
const BUILT = fileURLToPath(new URL('../.build/dashboard', import.meta.url));
const MARK = 'source-hash';

/**
 * Builds the dashboard into `.build/dashboard`, where the API finds it, unless it was already built from the
 * same sources. The old one stays in place until the new one is complete.
 */
export async function buildDashboard(): Promise<void> {
  const hash = sourceHash();
  const mark = join(BUILT, MARK);
  if (existsSync(mark) && readFileSync(mark, 'utf8') === hash) return;
  const fresh = `${BUILT}.${process.pid}`;
  const environment = process.env['NODE_ENV'];
  // Whatever NODE_ENV is here (`test` in a test run): otherwise React's development build is included.
  process.env['NODE_ENV'] = 'production';
  try {
    await build(fresh);
  } finally {
    if (environment === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = environment;
  }
  writeFileSync(join(fresh, MARK), hash);
  rmSync(BUILT, { recursive: true, force: true });
  renameSync(fresh, BUILT);
}

async function build(outDir: string): Promise<void> {
  const vite = await import('vite');
  const { default: tailwindcss } = await import('@tailwindcss/vite');
  await vite.build({
    configFile: false,
    root: SOURCE,
    logLevel: 'warn',
    plugins: [tailwindcss()],
    build: {
      outDir,
      emptyOutDir: true,
      // Baseline 2024: required by light-dark().
      target: ['chrome123', 'firefox120', 'safari17.5'],
      // The content security policy would have to allow data: addresses.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // "use client" in React's libraries: there is no server here.
        onLog: (level, log, handler) => {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handler(level, log);
        },
      },
    },
  });
}

function sourceHash(): string {
  const hash = createHash('sha256').update(readFileSync(join(SOURCE, '..', 'package-lock.json')));
  for (const name of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(SOURCE, name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    import.meta.resolve('vite');
    await buildDashboard();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND')) throw error;
    process.stderr.write(
      'dashboard not built: it needs the development dependencies (npm ci without --omit=dev)\n',
    );
  }
}
