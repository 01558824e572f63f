import type { Print } from './print.ts';
import type { Claim } from './running.ts';
import type { Shutdown } from './shutdown.ts';
import type { StartSettings } from './start-settings.ts';
import type { Terminal } from './terminal.ts';

/** What every step of a start needs. */
export interface StartContext {
  settings: StartSettings;
  claim: Claim;
  shutdown: Shutdown;
  /** Where everything is kept. */
  folder: string;
  env: NodeJS.ProcessEnv;
  print: Print;
  terminal: Terminal;
  /** Restarts the roles at every save, and serves the dashboard from its sources. */
  watch: boolean;
}
