import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown, type Plugin } from 'rolldown';
import { bundledName, hashFiles, roleBundleFolder, type RoleManifest } from './process/role-bundle.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(ROOT, 'src');

/** The files that `src/api/server.ts` and `src/worker.ts` import. */
const entries = ['api/run-api.ts', 'run-worker.ts', 'process/run-role.ts'];

/** Packages of hundreds of small modules that are always loaded together; no other package imports them. */
const inlined = ['@mikro-orm/', 'fastify-type-provider-zod', 'kysely', 'zod'];

/**
 * Modules that look for files beside themselves (`import.meta.url`) must still find them, which are not beside
 * the bundle.
 */
const keepPlaces: Plugin = {
  name: 'keep-places',
  transform(code, id) {
    if (!id.startsWith(SOURCE) || !code.includes('import.meta.url')) return null;
    const place = JSON.stringify(relative(roleBundleFolder(), id).split(sep).join('/'));
    return code.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`);
  },
};

/**
 * `npm run build`: bundles both roles into a few files instead of a thousand, so that Node finds, reads and
 * links them in half the time (docs/decisions/0030-both-roles-are-bundled.md). Packages are not bundled, except
 * those named above.
 */
async function bundleRoles(): Promise<void> {
  const folder = roleBundleFolder();
  const fresh = `${folder}.${process.pid}`;
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((path) => [bundledName(path), join(SOURCE, path)])),
    platform: 'node',
    external: (id) => /^[@a-z]/.test(id) && !inlined.some((name) => id === name || id.startsWith(name)),
    plugins: [keepPlaces],
    logLevel: 'warn',
  });
  const { output } = await bundle.write({
    dir: fresh,
    format: 'esm',
    entryFileNames: '[name]',
    chunkFileNames: '[name]-[hash].js',
    // V8 keeps the text of all that is loaded, at two bytes a character if one of a file's is outside of Latin-1.
    comments: false,
    minify: { compress: false, mangle: false, codegen: { removeWhitespace: false, asciiOnly: true } },
  });
  await bundle.close();
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
  const own = modules.filter((id) => id.startsWith(ROOT) && !id.includes('node_modules'));
  const files = [...own.map((id) => relative(ROOT, id)), 'package.json', 'package-lock.json'];
  const manifest: RoleManifest = { files, hash: hashFiles(files) };
  writeFileSync(join(fresh, 'manifest.json'), JSON.stringify(manifest));
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

await bundleRoles();
