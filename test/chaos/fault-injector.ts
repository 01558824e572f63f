import type { Sandbox } from '../../sandbox/index.ts';
import type { Random } from '../../sandbox/world/random.ts';
import type { Stack } from '../support/stack.ts';
import { oddities } from './oddities.ts';

/** What the fault injector may do. A fault that takes time runs on beside the history; it is waited for at the end. */
export interface Fault {
  weight: number;
  kind: 'deliveries' | 'faults' | 'kills';
  run: (at: Scene) => unknown;
}

export interface Scene {
  stack: Stack;
  sandbox: Sandbox;
  random: Random;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function anInstallation({ sandbox, random }: Scene): number {
  return random.pick([...sandbox.world.state.installations.keys()]);
}

function fault(action: Parameters<Sandbox['control']['addFault']>[0]['action'], times = 3) {
  return ({ sandbox, random }: Scene): unknown =>
    sandbox.control.addFault({
      action,
      times: 1 + random.int(times),
      probability: 0.3 + random.next() * 0.7,
    });
}

async function kill({ stack }: Scene, role: 'api' | 'worker', times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) await stack.restart(role, 'SIGKILL');
}

export const faults: Record<string, Fault> = {
  ...oddities,
  dropDeliveries: {
    weight: 4,
    kind: 'deliveries',
    run: ({ sandbox, random }) =>
      sandbox.control.addDeliveryFault({ kind: 'drop', times: 1 + random.int(4) }),
  },
  loseDeliveries: {
    weight: 4,
    kind: 'deliveries',
    run: ({ sandbox, random }) =>
      sandbox.control.addDeliveryFault({ kind: 'lose', times: 1 + random.int(4) }),
  },
  duplicateDeliveries: {
    weight: 3,
    kind: 'deliveries',
    run: ({ sandbox, random }) =>
      sandbox.control.addDeliveryFault({ kind: 'duplicate', times: 1 + random.int(4) }),
  },
  delayDeliveries: {
    weight: 3,
    kind: 'deliveries',
    run: ({ sandbox, random }) =>
      sandbox.control.addDeliveryFault({ kind: 'delay', ms: random.int(3000), times: 1 + random.int(4) }),
  },
  holdDeliveries: {
    weight: 3,
    kind: 'deliveries',
    run: ({ sandbox, random }) =>
      sandbox.control.addDeliveryFault({ kind: 'hold', times: 2 + random.int(6) }),
  },
  releaseInReverse: {
    weight: 4,
    kind: 'deliveries',
    run: ({ sandbox }) => {
      const held = sandbox.control.heldDeliveries({}).length;
      sandbox.control.releaseDeliveries({ order: Array.from({ length: held }, (_, at) => held - 1 - at) });
    },
  },
  redeliver: {
    weight: 3,
    kind: 'deliveries',
    run: ({ sandbox, random }) => {
      const { id } = random.pick(sandbox.world.state.deliveries);
      sandbox.control.redeliver({ id });
    },
  },
  serverError: { weight: 4, kind: 'faults', run: fault({ kind: 'status', status: 502 }) },
  unavailable: { weight: 2, kind: 'faults', run: fault({ kind: 'status', status: 503, retryAfter: 1 }) },
  /** A 404 that means nothing. */
  notThere: { weight: 3, kind: 'faults', run: fault({ kind: 'status', status: 404 }) },
  reset: { weight: 3, kind: 'faults', run: fault({ kind: 'reset' }) },
  hang: { weight: 1, kind: 'faults', run: fault({ kind: 'hang' }, 1) },
  truncate: { weight: 3, kind: 'faults', run: fault({ kind: 'truncate' }) },
  garble: { weight: 3, kind: 'faults', run: fault({ kind: 'garble' }) },
  largePages: { weight: 2, kind: 'faults', run: fault({ kind: 'page-too-large', above: 30 }) },
  graphqlError: { weight: 2, kind: 'faults', run: fault({ kind: 'graphql-error' }) },
  resourceLimits: { weight: 2, kind: 'faults', run: fault({ kind: 'resource-limits' }) },
  /** GraphQL alone, while REST answers. */
  graphqlAway: {
    weight: 1,
    kind: 'faults',
    run: ({ sandbox, random }) =>
      sandbox.control.addFault({
        action: { kind: 'status', status: 502 },
        match: '/graphql',
        seconds: 1 + random.int(10),
      }),
  },
  secondaryLimit: { weight: 2, kind: 'faults', run: fault({ kind: 'secondary', retryAfter: 1 }) },
  slow: { weight: 2, kind: 'faults', run: fault({ kind: 'latency', ms: 300 }, 20) },
  primaryLimit: {
    weight: 2,
    kind: 'faults',
    run: (scene) =>
      scene.sandbox.control.setRateLimit({
        installationId: anInstallation(scene),
        resource: scene.random.pick(['core', 'graphql'] as const),
        remaining: 0,
        resetIn: 1 + scene.random.int(3),
      }),
  },
  revokeTokens: {
    weight: 2,
    kind: 'faults',
    run: (scene) => scene.sandbox.control.revokeTokens({ id: anInstallation(scene) }),
  },
  freshTokensFail: {
    weight: 1,
    kind: 'faults',
    run: async ({ sandbox }) => {
      sandbox.control.faultSettings({ freshTokenSeconds: 1 });
      await pause(2000);
      sandbox.control.faultSettings({ freshTokenSeconds: 0 });
    },
  },
  staleReads: {
    weight: 2,
    kind: 'faults',
    run: async ({ sandbox, random }) => {
      sandbox.control.faultSettings({ staleSeconds: 1 + random.int(2) });
      await pause(2500);
      sandbox.control.faultSettings({ staleSeconds: 0 });
    },
  },
  killApi: { weight: 2, kind: 'kills', run: (scene) => kill(scene, 'api', 1) },
  killWorker: { weight: 3, kind: 'kills', run: (scene) => kill(scene, 'worker', 1) },
  killWorkerTwice: { weight: 1, kind: 'kills', run: (scene) => kill(scene, 'worker', 2) },
  cutTemporal: {
    weight: 1,
    kind: 'kills',
    run: async ({ stack, random }) => {
      stack.temporalRelay.cut();
      await pause(500 + random.int(2500));
      stack.temporalRelay.restore();
    },
  },
  endDatabaseSessions: {
    weight: 2,
    kind: 'kills',
    run: ({ stack }) =>
      stack.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`),
  },
  sweepInTheMiddle: { weight: 1, kind: 'kills', run: ({ stack }) => stack.post('/api/sync/periodic/') },
};
