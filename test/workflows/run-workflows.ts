import { randomInt } from 'node:crypto';
import {
  Client,
  type WorkflowHandle,
  type WorkflowHandleWithFirstExecutionRunId as Started,
  type WorkflowHandleWithSignaledRunId as Woken,
} from '@temporalio/client';
import { DefaultLogger, Runtime, Worker, type ActivityInboundCallsInterceptor } from '@temporalio/worker';
import type { Activities } from '../../src/activities/index.ts';
import type { Trigger } from '../../src/model.ts';
import {
  installationImportId,
  repoSyncId,
  wakeSignal,
  type Progress,
  type Wake,
} from '../../src/workflows/messages.ts';
import { connectTestTemporal, workflowBundle, type TestTemporal } from '../support/temporal.ts';
import { fakeActivities } from './fake-activities.ts';

// Before anything else of the SDK runs: what a worker says at every start is no test result.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  shutdownSignals: [],
  telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
});

/** One call of an activity, as the workflow made it. */
interface Call {
  name: string;
  input: unknown;
}

/** A worker of its own, with the activities that a test gives it. */
export interface Running {
  temporal: TestTemporal;
  calls: Call[];
  /** the inputs of the calls of one activity */
  inputs: (name: keyof Activities) => unknown[];
  /** ids that no other test uses */
  id: number;
  /** Starts `repo-sync/<id>` by a wake, or by hand. */
  wakeRepository: (trigger: Trigger) => Promise<Woken>;
  startRepository: () => Promise<Started>;
  wakeInstallation: (trigger: Trigger) => Promise<Woken>;
  startInstallation: () => Promise<Started>;
  stop: () => Promise<void>;
}

/** Works with the bundle that production runs, and the given activities in place of the real ones. */
async function runWorkflows(given: Partial<Activities> = {}): Promise<Running> {
  const shared = await connectTestTemporal();
  const { connection, taskQueue, namespace } = shared;
  // Histories are kept: they name no machine.
  const client = new Client({ connection, namespace, identity: 'test' });
  const temporal: TestTemporal = { ...shared, client };
  const calls: Call[] = [];
  const worker = await Worker.create({
    connection: temporal.nativeConnection,
    namespace,
    taskQueue,
    workflowBundle: workflowBundle(),
    activities: fakeActivities(given),
    interceptors: { activity: [(context) => ({ inbound: noteCalls(context.info.activityType, calls) })] },
    identity: 'test',
    maxHeartbeatThrottleInterval: 100,
  });
  const running = worker.run();
  const id = randomInt(1, 2 ** 47);
  const repository = { workflowId: repoSyncId(id), taskQueue, args: [{ repositoryId: id }] };
  const installation = { workflowId: installationImportId(id), taskQueue, args: [{ installationId: id }] };
  return {
    temporal,
    calls,
    inputs: (name) => calls.filter((call) => call.name === name).map(({ input }) => input),
    id,
    wakeRepository: (trigger) =>
      client.workflow.signalWithStart('RepoSync', { ...repository, ...wakeBy(trigger) }),
    startRepository: () => client.workflow.start('RepoSync', repository),
    wakeInstallation: (trigger) =>
      client.workflow.signalWithStart('InstallationImport', { ...installation, ...wakeBy(trigger) }),
    startInstallation: () => client.workflow.start('InstallationImport', installation),
    async stop() {
      await client.workflow.getHandle(repository.workflowId).terminate().catch(ignore);
      await client.workflow.getHandle(installation.workflowId).terminate().catch(ignore);
      worker.shutdown();
      await running;
      await temporal.close();
    },
  };
}

function wakeBy(trigger: Trigger): { signal: typeof wakeSignal; signalArgs: [Wake] } {
  return { signal: wakeSignal, signalArgs: [{ trigger }] };
}

function noteCalls(name: string, calls: Call[]): ActivityInboundCallsInterceptor {
  return {
    execute(input, next) {
      calls.push({ name, input: input.args[0] });
      return next(input);
    },
  };
}

/** Runs a test with a worker of its own, and stops it whatever happens. */
export async function withWorkflows<T>(
  given: Partial<Activities>,
  test: (running: Running) => Promise<T>,
): Promise<T> {
  const running = await runWorkflows(given);
  try {
    return await test(running);
  } finally {
    await running.stop();
  }
}

/** Waits until the workflow says that it is in this phase. */
export async function phase(handle: WorkflowHandle, wanted: string): Promise<Progress> {
  return eventually(async () => {
    const progress = await handle.query<Progress>('progress');
    return progress.phase === wanted && progress;
  });
}

/** Asks again and again until there is something. */
export async function eventually<T>(
  look: () => Promise<T | false | undefined>,
  limitMs = 15_000,
): Promise<T> {
  for (const began = Date.now(); ;) {
    const found = await look();
    if (found !== false && found !== undefined) return found;
    if (Date.now() - began > limitMs) throw new Error('it did not happen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The code of the error table that a workflow or an update failed with. */
export async function codeOf(failing: Promise<unknown>): Promise<string | undefined> {
  try {
    await failing;
  } catch (error) {
    for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
      if ('type' in cause && typeof cause.type === 'string') return cause.type;
    }
    throw error;
  }
  return undefined;
}

function ignore(): void {
  // It has ended, or was never started.
}

/** What the rounds were for, one after the other. */
export function rounds({ inputs }: Running): unknown[] {
  return inputs('syncRound').map((input): unknown => Object(input).trigger);
}
