import { generateKeyPairSync } from 'node:crypto';
import { ConfigurationError, loadConfig, type Config } from '../config.ts';

export interface StartSettings {
  config: Config;
  /** Set when the user has servers of their own. */
  databaseUrl: string | undefined;
  temporalAddress: string | undefined;
  /** Whether the sandbox stands in for GitHub. */
  sandbox: boolean;
}

// Stand in for what `npm start` provides itself, so that everything else is checked before anything starts.
const PROVIDED_DATABASE = 'postgres://127.0.0.1/';

/**
 * What to start, from the environment. The sandbox GitHub runs only where no setting of an App is given and both
 * servers are our own: invented data never reaches a real database.
 *
 * @throws ConfigurationError naming every fault at once; half an App's settings are faults too
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
  try {
    return { config: loadConfig('api', provided), databaseUrl, temporalAddress, sandbox };
  } catch (error) {
    if (!(error instanceof ConfigurationError) || hasApp || sandbox) throw error;
    throw new ConfigurationError([
      ...error.message.split('\n  - ').slice(1),
      'with DATABASE_URL or TEMPORAL_ADDRESS set there is no sandbox GitHub: unset both to try it, or set the App',
    ]);
  }
}

function standInApp(): Record<string, string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  return {
    GITHUB_APP_ID: '1',
    GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    GITHUB_WEBHOOK_SECRET: 'stand-in',
  };
}
