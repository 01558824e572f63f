// `npm start`: everything on one machine. Starts PostgreSQL, Temporal and a sandbox GitHub where the environment
// names none, brings the schema up to date, runs the API and the worker, and shows what happens.
//
// Besides the product's own variables (`.env.example`) it knows:
//   SANDBOX_LIFE   how often something happens in the sandbox: a duration such as 4s (the default), or off
//
// `npm run dev` (`--watch`): the roles are restarted at every save, and the dashboard comes from its sources.
import { styleText } from 'node:util';
import { ConfigurationError } from '../config.ts';
import { PortTakenError } from './free-port.ts';
import { AlreadyRunningError, DATA_FOLDER, claimFolder, type Claim } from './running.ts';
import { createShutdown } from './shutdown.ts';
import { startEverything } from './start-everything.ts';
import { startSettings } from './start-settings.ts';
import { createTerminal } from './terminal.ts';

async function main(): Promise<void> {
  const terminal = createTerminal(process.stdout);
  const print = terminal.print;
  let claim: Claim | undefined;
  process.on('exit', terminal.rest);
  const shutdown = createShutdown(
    (line) => {
      terminal.rest(); // what was under way is not any more
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
      watch: process.argv.includes('--watch'),
    });
  } catch (error) {
    if (shutdown.isRunning()) return; // Ctrl-C in the middle of starting: whatever fails now fails because of it
    terminal.rest();
    print(styleText('red', wordsOf(error)));
    await shutdown.run(1);
  }
}

// What a person can fix is told plainly; anything else is a defect, and needs its place in the code.
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const plain = [ConfigurationError, PortTakenError, AlreadyRunningError].some(
    (kind) => error instanceof kind,
  );
  return plain ? error.message : (error.stack ?? error.message);
}

process.stdout.on('error', () => undefined); // a closed terminal is no reason to leave servers behind
await main();
