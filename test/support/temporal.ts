import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { createRetries } from '../../src/temporal/retries.ts';

export interface TestTemporal {
  address: string;
  namespace: string;
  /** A queue that no other test uses. */
  taskQueue: string;
  connection: Connection;
  client: Client;
  /** What a `Worker` connects through. */
  nativeConnection: NativeConnection;
  close: () => Promise<void>;
}

/** Connects to the run's Temporal server. Workflow ids are shared by all tests: give them ids of their own. */
export async function connectTestTemporal(): Promise<TestTemporal> {
  const address = required('TEST_TEMPORAL_ADDRESS');
  const namespace = required('TEST_TEMPORAL_NAMESPACE');
  const retries = createRetries();
  const connection = await Connection.connect({ address, interceptors: [retries.interceptor] });
  const nativeConnection = await NativeConnection.connect({ address });
  return {
    address,
    namespace,
    taskQueue: `test-${randomUUID()}`,
    connection,
    client: new Client({ connection, namespace }),
    nativeConnection,
    close: async () => {
      await retries.end();
      await connection.close();
      await nativeConnection.close();
    },
  };
}

/** The bundle of all workflows, made once for the run, as `Worker.create` and `runReplayHistory` take it. */
export function workflowBundle(): { codePath: string } {
  return { codePath: required('TEST_WORKFLOW_BUNDLE') };
}

function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: run the tests through jest, and look at what its start printed`);
  return value;
}
