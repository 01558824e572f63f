import { Client, Connection } from '@temporalio/client';
import type { TemporalSettings } from './settings.ts';

export interface TemporalConnection {
  client: Client;
  close: () => Promise<void>;
}

/** Connects at the first call, not here: a process starts and stays up while Temporal is away. */
export function connectTemporal({ connectionOptions, namespace }: TemporalSettings): TemporalConnection {
  const connection = Connection.lazy(connectionOptions);
  return { client: new Client({ connection, namespace }), close: () => connection.close() };
}
