/** `npm run sandbox`: the sandbox GitHub on its own. `--help` tells the flags. */
import { parseArgs } from 'node:util';
import { githubSchema } from './graphql/schema.ts';
import { createSandbox } from './index.ts';
import { seedWorld } from './seed/seed-world.ts';

const HELP = `node sandbox/server.ts [--port 8080] [--host 127.0.0.1] [--data FILE] [--webhook URL] [--secret TEXT]
                           [--seed 1] [--life MS] [--latency MS] [--empty] [--no-secondary-limits] [--enterprise]
  --data    keep the world in this file and continue from it
  --life    something happens by itself every so many milliseconds; 0 for never (5000 unless given)
  --enterprise  REST below /api/v3 and GraphQL at /api/graphql, as on an Enterprise Server
  --empty   start without the sample organisation
`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string' },
    webhook: { type: 'string' },
    secret: { type: 'string' },
    seed: { type: 'string', default: '1' },
    life: { type: 'string', default: '5000' },
    latency: { type: 'string', default: '0' },
    empty: { type: 'boolean', default: false },
    enterprise: { type: 'boolean', default: false },
    'no-secondary-limits': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(HELP);
} else {
  const sandbox = await createSandbox({
    seed: Number(values.seed),
    port: Number(values.port),
    host: values.host,
    latencyMs: Number(values.latency),
    enterprise: values.enterprise,
    secondaryLimits: !values['no-secondary-limits'],
    life: Number(values.life) > 0 ? { everyMs: Number(values.life) } : null,
    ...(values.webhook !== undefined && { webhookUrl: values.webhook }),
    ...(values.secret !== undefined && { webhookSecret: values.secret }),
    ...(values.data !== undefined && { dataFile: values.data }),
    ...(!values.empty && { populate: seedWorld }),
  });
  const key = sandbox.privateKey.trim().replaceAll('\n', '\\n');
  process.stdout
    .write(`The sandbox GitHub listens at ${sandbox.url} (what it can do: ${sandbox.address}/_sandbox/)

GITHUB_API_URL=${sandbox.url}
GITHUB_APP_ID=${sandbox.appId}
GITHUB_WEBHOOK_SECRET=${sandbox.webhookSecret}
GITHUB_APP_PRIVATE_KEY="${key}"
`);
  // Whoever asks by GraphQL first would wait for it, and measure the sandbox in place of GitHub.
  void githubSchema();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void sandbox.close());
}
