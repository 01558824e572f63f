import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { TASK_QUEUE } from '../../src/workflows/messages.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';
import { createNamespace } from '../support/temporal-namespace.ts';

export interface StubTemporal extends TestTemporal {
  startWorker: () => Promise<void>;
}

// Before anything else of the SDK runs: what the worker says on every start is no test result.
Runtime.install({ logger: new DefaultLogger('ERROR') });

/** A namespace of its own, where ids and the product's task queue are this test's alone. */
export async function connectStubTemporal(): Promise<StubTemporal> {
  const temporal = await connectTestTemporal();
  const namespace = await createNamespace(temporal.address);
  const stops: (() => Promise<void>)[] = [];
  return {
    ...temporal,
    namespace,
    client: new Client({ connection: temporal.connection, namespace }),
    async startWorker() {
      const worker = await Worker.create({
        connection: temporal.nativeConnection,
        namespace,
        taskQueue: TASK_QUEUE,
        workflowsPath: fileURLToPath(new URL('stub-workflows.ts', import.meta.url)),
      });
      const running = worker.run();
      stops.push(async () => {
        worker.shutdown();
        await running;
      });
    },
    async close() {
      for (const stop of stops) await stop();
      await temporal.close();
    },
  };
}
