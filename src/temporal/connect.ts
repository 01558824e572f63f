import { Client, Connection } from '@temporalio/client';
import { endSilentConnections } from './end-silent-connections.ts';
import { createRetries } from './retries.ts';
import type { TemporalSettings } from './settings.ts';

export interface TemporalConnection {
  client: Client;
  close: () => Promise<void>;
}

const CHANNEL = {
  // A silent connection is noticed after 20 s, instead of the SDK's 45. Temporal's server closes connections
  // that are pinged more often than every 10 s (`frontend.keepAliveMinTime`).
  'grpc.keepalive_time_ms': 15_000,
  'grpc.keepalive_timeout_ms': 5000,
  // Reconnects every 5 s at least, not every two minutes, however long Temporal was unavailable.
  'grpc.max_reconnect_backoff_ms': 5000,
};

/** Connects at the first call, not here: a process starts and stays up while Temporal is unavailable. */
export function connectTemporal({ connectionOptions, namespace }: TemporalSettings): TemporalConnection {
  const stopWatching = endSilentConnections(portOf(connectionOptions.address));
  const retries = createRetries();
  const connection = Connection.lazy({
    ...connectionOptions,
    channelArgs: CHANNEL,
    interceptors: [retries.interceptor],
  });
  return {
    client: new Client({ connection, namespace }),
    close: async () => {
      stopWatching();
      await retries.end();
      await connection.close();
    },
  };
}

function portOf(address: string): number {
  return Number(/:(\d+)$/.exec(address)?.[1] ?? 7233);
}
