import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandOptions, wholeNumberOption } from '../command-options.ts';
import { SyncError } from '../errors.ts';
import { createSetup } from '../setup/answer-setup.ts';
import type { SetupResult } from '../setup/app-values.ts';
import { conflictsIn } from '../setup/env-file.ts';
import { apiUrlOf } from '../setup/github-address.ts';
import { createSetupServer } from '../setup/serve-setup.ts';
import { ConflictError, createSetupSession } from '../setup/setup-session.ts';
import { freePort } from '../standalone/free-port.ts';
import { print } from './terminal-line.ts';

const HELP = `npm run setup
  creates a GitHub App, or connects an existing one, and writes its settings to .env in this folder and its
  private key to a file beside it.
  Opens a page on this machine and waits until you have finished. On a machine without a browser:
npm run setup -- --app-id 123456 --private-key-file app.pem [--webhook-secret TEXT] [--public-url https://HOST]
  connects an existing App. Without a secret, a new one is generated and set at GitHub.
  --github URL   an Enterprise Server: https://github.acme.com
  --replace      replace the App's settings that are already in .env
  --port N       the port of the page
`;

const PORT = 8000;
/** Until the last page has reached the browser. */
const LAST_ANSWER_MS = 500;

const values = commandOptions(HELP, {
  'app-id': { type: 'string' },
  'private-key-file': { type: 'string' },
  'webhook-secret': { type: 'string' },
  'public-url': { type: 'string' },
  github: { type: 'string' },
  replace: { type: 'boolean', default: false },
  port: { type: 'string' },
});
const port =
  values.port === undefined ? undefined : wholeNumberOption('port', values.port, { least: 0, most: 65_535 });

/** `npm run setup`: serves the page `/setup` if nothing else is running. Resolves with the exit code. */
async function main(): Promise<number> {
  const apiUrl = apiUrlOf(values.github ?? process.env['GITHUB_API_URL'] ?? '');
  if (apiUrl === null)
    return complain(`--github: ${values.github ?? ''} is not the address of a GitHub server (https://HOST)`);
  if (values['app-id'] !== undefined || values['private-key-file'] !== undefined) return connect(apiUrl);
  return showPage(apiUrl);
}

async function showPage(apiUrl: string): Promise<number> {
  const taken = conflictsIn('.', { GITHUB_APP_ID: '' });
  if (taken.length > 0 && !values.replace)
    return complain(
      `.env already contains an App (${taken.join(', ')}). To replace it: npm run setup -- --replace`,
    );
  const finished = new AbortController();
  const server = createSetupServer(createSetup({ folder: '.', apiUrl, onDone: () => finished.abort() }));
  server.listen(port ?? (await freePort(PORT)), '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const listensOn = typeof address === 'object' ? address?.port : address;
  print(
    `Open http://127.0.0.1:${listensOn}/setup in a browser on this machine. Press Ctrl-C to stop; nothing is written until the last step.`,
  );
  if (!finished.signal.aborted) await once(finished.signal, 'abort');
  await sleep(LAST_ANSWER_MS);
  server.close();
  server.closeAllConnections();
  print('Written to .env. Install the App as the page says, then: npm start');
  return 0;
}

async function connect(apiUrl: string): Promise<number> {
  const { 'app-id': appId = '', 'private-key-file': file } = values;
  if (!/^\d+$/.test(appId) || file === undefined)
    return complain('give both: --app-id NUMBER --private-key-file FILE');
  let privateKey: string;
  try {
    privateKey = readFileSync(file, 'utf8');
  } catch {
    return complain(`--private-key-file: cannot read ${file}`);
  }
  const app = { appId: Number(appId), privateKey, secret: values['webhook-secret'] ?? null };
  const choice = { apiUrl, publicUrl: values['public-url'] ?? null };
  const session = createSetupSession('.');
  let result: SetupResult;
  try {
    result = await session.connect(app, { ...choice, replace: values.replace });
  } catch (error) {
    if (!(error instanceof ConflictError) || !(await confirms(`${error.message}. Replace? [y/N] `)))
      throw error;
    result = await session.connect(app, { ...choice, replace: true });
  }
  print(
    `Written to .env and ${result.keyFile.name}. Install the App: ${result.installUrl ?? 'its settings page → Install App'}`,
  );
  print('Then: npm start, and npm run doctor to check it');
  return 0;
}

/** Without a terminal to ask, the answer is no. */
async function confirms(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^y(es)?$/i.test((await terminal.question(question)).trim());
  } catch {
    process.stdout.write('\n'); // Ctrl-C and Ctrl-D mean no
    return false;
  } finally {
    terminal.close();
  }
}

function complain(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}

process.exit(
  await main().catch((error: unknown) => {
    const advice = error instanceof ConflictError ? '. Nothing was changed; to replace them: --replace' : '';
    const known = error instanceof SyncError || error instanceof Error;
    return complain(`${known ? error.message : String(error)}${advice}`);
  }),
);
