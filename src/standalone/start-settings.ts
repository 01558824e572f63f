import { generateKeyPairSync } from 'node:crypto';
import { ConfigurationError, loadConfig, type Config } from '../config.ts';

export interface StartSettings {
  config: Config;
  /** Set if the user has servers of their own. */
  databaseUrl: string | undefined;
  temporalAddress: string | undefined;
  /** Whether the sandbox stands in for GitHub. */
  sandbox: boolean;
  /** The interval between the team's actions; 0 for none. */
  sandboxLifeMs: number;
}

// Placeholders for what `npm start` provides itself, so that everything else is checked before anything starts.
const PROVIDED_DATABASE = 'postgres://127.0.0.1/provided';

/**
 * What to start, according to the environment. The sandbox GitHub runs only if no setting of an App is given
 * and both servers are our own: invented data never reaches a real database.
 *
 * @throws ConfigurationError naming every fault at once, including incomplete settings of an App
 */
export function startSettings(env: NodeJS.ProcessEnv): StartSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const databaseUrl = given['DATABASE_URL'];
  const temporalAddress = given['TEMPORAL_ADDRESS'];
  const hasApp = Object.keys(given).some((name) => /^GITHUB_(APP_|WEBHOOK_|API_URL$)/.test(name));
  const ownServers = databaseUrl === undefined && temporalAddress === undefined;
  const sandbox = !hasApp && ownServers;
  const provided = {
    ...given,
    DATABASE_URL: databaseUrl ?? PROVIDED_DATABASE,
    ...(sandbox ? standInApp() : {}),
  };
  const faults: string[] = [];
  const sandboxLifeMs = lifeOf(given['SANDBOX_LIFE'] ?? '4s');
  if (Number.isNaN(sandboxLifeMs)) faults.push('SANDBOX_LIFE: write a duration such as 4s, or off');
  try {
    const config = loadConfig('api', provided);
    if (faults.length === 0) return { config, databaseUrl, temporalAddress, sandbox, sandboxLifeMs };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    faults.unshift(...error.message.split('\n  - ').slice(1));
    if (!hasApp && !ownServers) {
      faults.push(
        'the sandbox GitHub runs only while DATABASE_URL and TEMPORAL_ADDRESS are unset: unset both to try it',
      );
    }
  }
  throw new ConfigurationError(faults);
}

const UNITS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

function lifeOf(text: string): number {
  if (text === 'off') return 0;
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*(\w+)$/.exec(text) ?? [];
  return Number(amount) * (UNITS.get(unit) ?? Number.NaN);
}

function standInApp(): Record<string, string> {
  // It signs nothing real, so it is short, to be generated quickly.
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return {
    GITHUB_APP_ID: '1',
    GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    GITHUB_WEBHOOK_SECRET: 'stand-in',
  };
}
