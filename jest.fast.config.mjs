import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import config from './jest.config.mjs';

// `npm run test:fast`: what needs no PostgreSQL, Temporal, browser or other process, by what the files import; `npm test`
// has everything.
const NEEDS_SERVERS = [
  /\/test\/support\/(database|temporal|stack|workflow-bundle)\.ts$/,
  /\/test\/(scenarios|dashboard)\//,
];
const PROCESSES = /from '(node:child_process|playwright-core)'|global-setup/;

/** @type {Map<string, boolean>} whether a file needs servers, its imports included */
const known = new Map();

/** @param {string} file an absolute path */
function needsServers(file) {
  const found = known.get(file);
  if (found !== undefined) return found;
  known.set(file, false); // files may import each other
  const text = readFileSync(file, 'utf8');
  const imports = [
    ...text.matchAll(
      /^(?:import|export|\} from)(?! type).*? from '(\.{1,2}\/[^']+\.ts)'|^\} from '(\.{1,2}\/[^']+\.ts)'/gm,
    ),
  ];
  const needs =
    NEEDS_SERVERS.some((pattern) => pattern.test(file)) ||
    PROCESSES.test(text) ||
    imports.some(([, one, other]) => needsServers(resolve(file, '..', one ?? other ?? '')));
  known.set(file, needs);
  return needs;
}

const {
  globalSetup: _setup,
  globalTeardown: _teardown,
  testSequencer: _order,
  testMatch: _all,
  ...rest
} = config;
const fast = globSync('test/**/*.test.ts', { cwd: import.meta.dirname }).filter(
  (file) => !needsServers(resolve(import.meta.dirname, file)),
);

/** @type {import('jest').Config} */
export default { ...rest, testMatch: fast.map((file) => `<rootDir>/${file}`) };
