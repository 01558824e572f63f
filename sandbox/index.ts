/** The sandbox GitHub: an honest, stateful double of GitHub over HTTP, deterministic from its seed. */
import type { AddressInfo } from 'node:net';
import { registerControl } from './control/register.ts';
import { createControl, performAction, type Control } from './control/control.ts';
import { createFaults } from './faults/faults.ts';
import { createReplica } from './faults/replica.ts';
import { createTriggers } from './faults/triggers.ts';
import { createGraphql } from './graphql/index.ts';
import { ENTERPRISE_BASE } from './http/enterprise-paths.ts';
import { createJournal } from './http/journal.ts';
import { createLimits } from './http/limits.ts';
import type { SandboxParts } from './sandbox-parts.ts';
import { createSecondaryLimits } from './http/secondary-limits.ts';
import { createServer } from './create-server.ts';
import { openData } from './data-file.ts';
import { createLife } from './life/life.ts';
import { repositoryState } from './resources/index.ts';
import { queryRoot } from './query/query.ts';
import { events } from './resources/events.ts';
import { payloadOf } from './resources/payload.ts';
import { createHooks } from './webhooks/hooks.ts';
import { createInitialWorld } from './initial-world.ts';
import { newPrivateKey } from './world/private-key.ts';
import { createRandom } from './world/random.ts';
import { createWorld, type World } from './world/world.ts';

export interface SandboxOptions {
  /** The same seed gives the same world; 1 unless given. */
  seed?: number;
  /** Where deliveries go; none are sent without it. */
  webhookUrl?: string;
  webhookSecret?: string;
  /** Any free one unless given. */
  port?: number;
  host?: string;
  appId?: number;
  /** PEM; generated when absent. */
  privateKey?: string;
  /** Every API answer takes at least this long. */
  latencyMs?: number;
  /** Plays an Enterprise Server: REST below `/api/v3`, GraphQL at `/api/graphql`. */
  enterprise?: boolean;
  /** Whether secondary limits are enforced; they are unless switched off. */
  secondaryLimits?: boolean;
  /** How often something happens by itself; nothing unless given. */
  life?: { everyMs: number } | null;
  /** Keeps the world in this file, across restarts. */
  dataFile?: string;
  /** Fills a new world (not one read from `dataFile`), silently. */
  populate?: (world: World) => void;
}

export interface Sandbox {
  /** The API's base address. */
  url: string;
  /** Where it listens, without a path; `/_sandbox/` is there. */
  address: string;
  appId: number;
  privateKey: string;
  webhookSecret: string;
  world: World;
  /** The control API's actions as functions. */
  control: Control;
  close(): Promise<void>;
}

/** Starts a sandbox. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const data = await openData(options.dataFile);
  const world = data.state ? createWorld(data.state, repositoryState) : newWorld(options);
  const { app } = world.state;
  if (options.webhookUrl !== undefined) app.hook.url = options.webhookUrl;
  if (options.webhookSecret !== undefined) app.hook.secret = options.webhookSecret;
  app.hook.secret ??= 'sandbox-webhook-secret';

  const random = createRandom({ random: (options.seed ?? 1) ^ 0x5eed });
  const faults = createFaults(random, { latencyMs: options.latencyMs ?? 0 });
  const sandbox: SandboxParts = {
    world,
    api: '',
    ownApi: '',
    address: '',
    limits: createLimits(world),
    secondary: createSecondaryLimits(world, options.secondaryLimits ?? true),
    faults,
    replica: createReplica(world, faults),
    triggers: createTriggers(),
    perform: (action, input) => performAction(sandbox, action, input),
    journal: createJournal(),
    hooks: createHooks(
      world,
      { events, payload: payloadOf },
      () => ({
        world,
        api: sandbox.api,
        commentLagMs: faults.settings.commentLagSeconds * 1000,
      }),
      random,
    ),
    graphql: createGraphql(queryRoot),
    life: createLife(world),
  };
  const control = createControl(sandbox);
  const server = createServer(sandbox, options.enterprise ?? false);
  registerControl(server, sandbox);
  await server.listen({ port: options.port ?? 0, host: options.host ?? '127.0.0.1' });
  sandbox.address = addressOf(server.server.address(), options.host);
  sandbox.ownApi = sandbox.address + (options.enterprise ? ENTERPRISE_BASE : '');
  sandbox.api = sandbox.ownApi;
  if (options.life) sandbox.life.start(options.life.everyMs);
  data.keep(world);
  return {
    url: sandbox.ownApi,
    address: sandbox.address,
    appId: app.id,
    privateKey: app.privateKey,
    webhookSecret: app.hook.secret,
    world,
    control,
    close: async () => {
      sandbox.life.stop();
      sandbox.replica.close();
      sandbox.hooks.close();
      await server.close();
      await data.close(world);
    },
  };
}

function newWorld(options: SandboxOptions): World {
  const world = createInitialWorld({
    seed: options.seed ?? 1,
    appId: options.appId ?? 424242,
    privateKey: options.privateKey ?? newPrivateKey('pkcs8'),
    webhookUrl: options.webhookUrl ?? null,
    webhookSecret: options.webhookSecret ?? null,
  });
  world.silently(() => options.populate?.(world));
  return world;
}

function addressOf(address: AddressInfo | string | null, host = '127.0.0.1'): string {
  const port = typeof address === 'object' && address ? address.port : 80;
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`;
}
