// `npm start`: runs everything on one machine. Starts PostgreSQL, Temporal and a sandbox GitHub unless the
// environment names others, migrates the schema, runs the API and the worker, and shows what happens.
//
// Besides the product's own variables (`.env.example`) it reads SANDBOX_LIFE: how often something happens in
// the sandbox, a duration such as 4s (the default), or off.
//
// `npm run dev` (`--watch`): the roles are restarted at every save, and the dashboard is served from its
// sources.
import { styleText } from 'node:util';
import { commandOptions } from '../command-options.ts';
import { ConfigurationError } from '../config.ts';
import { PortTakenError } from './free-port.ts';
import { AlreadyRunningError, DATA_FOLDER, claimFolder, type Claim } from './running.ts';
import { createShutdown } from './shutdown.ts';
import { startEverything } from './start-everything.ts';
import { startSettings } from './start-settings.ts';
import { createTerminal } from './terminal.ts';

const HELP = `npm start
  starts PostgreSQL, Temporal and the sandbox GitHub, each unless the environment names another, and runs the
  API and a worker; Ctrl-C stops everything
  --watch  restarts API and worker at every save, and serves the dashboard from its sources (npm run dev)
`;

async function main(): Promise<void> {
  const { watch = false } = commandOptions(HELP, { watch: { type: 'boolean' } });
  const terminal = createTerminal(process.stdout);
  const print = terminal.print;
  let claim: Claim | undefined;
  process.on('exit', terminal.rest);
  const shutdown = createShutdown(
    (line) => {
      terminal.rest(); // nothing is in progress any more
      print(line);
    },
    (children) => claim?.write({ children }),
  );
  try {
    const settings = startSettings(process.env);
    claim = await claimFolder(DATA_FOLDER, print);
    shutdown.add('the claim of this folder', () => Promise.resolve(claim?.release()));
    await startEverything({
      settings,
      claim,
      shutdown,
      folder: DATA_FOLDER,
      env: process.env,
      print,
      terminal,
      watch,
    });
  } catch (error) {
    if (shutdown.isRunning()) return; // Ctrl-C during the start: whatever fails now fails because of it
    terminal.rest();
    print(styleText('red', wordsOf(error)));
    await shutdown.run(1);
  }
}

// Faults that a person can fix are printed plainly; anything else is a defect, and needs its stack.
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const plain = [ConfigurationError, PortTakenError, AlreadyRunningError].some(
    (kind) => error instanceof kind,
  );
  return plain ? error.message : (error.stack ?? error.message);
}

process.stdout.on('error', () => undefined); // a closed terminal is no reason to leave servers behind
await main();
