import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ConfigurationError } from '../config.ts';

export interface TemporalSettings {
  /** as `Connection` and `NativeConnection` take them */
  connectionOptions: ReturnType<typeof loadClientConnectConfig>['connectionOptions'] & { address: string };
  namespace: string;
}

/**
 * Where Temporal is, from the variables and the file that the `temporal` program reads (`TEMPORAL_ADDRESS`,
 * `TEMPORAL_NAMESPACE`, `TEMPORAL_API_KEY`, `TEMPORAL_TLS_*`).
 *
 * @throws ConfigurationError when they contradict each other or name an unreadable file
 */
export function loadTemporalSettings(env: NodeJS.ProcessEnv): TemporalSettings {
  const given = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => Boolean(entry[1]?.trim())),
  );
  try {
    const { connectionOptions, namespace } = loadClientConnectConfig({ overrideEnvVars: given });
    return {
      connectionOptions: {
        ...connectionOptions,
        address: connectionOptions.address ?? '127.0.0.1:7233',
      },
      namespace: namespace ?? 'default',
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ConfigurationError([`TEMPORAL_*: ${reason}`]);
  }
}
