/** `npm run sandbox`: the sandbox GitHub on its own. `--help` tells the flags. */
import { parseArgs } from 'node:util';
import { githubSchema } from './graphql/schema.ts';
import { createSandbox } from './index.ts';
import { seedWorld } from './seed/seed-world.ts';

const HELP = `node sandbox/server.ts [--port 8080] [--host 127.0.0.1] [--data FILE] [--webhook URL] [--secret TEXT]
                           [--seed 1] [--life MS] [--latency MS] [--empty] [--no-secondary-limits] [--enterprise]
  --data    keep the world in this file, and continue from it
  --life    milliseconds between the team's changes; 0 for none (default 5000)
  --enterprise  REST below /api/v3 and GraphQL at /api/graphql, as on an Enterprise Server
  --empty   start without the sample organisation
`;

const OPTIONS = {
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
} as const;

/** Takes the flags and starts. Throws what `tell` puts in a line, where it is the caller's to mend. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const life = whole('life', values.life);
  const sandbox = await createSandbox({
    seed: whole('seed', values.seed),
    port: whole('port', values.port),
    host: values.host,
    latencyMs: whole('latency', values.latency),
    enterprise: values.enterprise,
    secondaryLimits: !values['no-secondary-limits'],
    life: life > 0 ? { everyMs: life } : null,
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
  // Otherwise the first GraphQL request would wait for it, and a benchmark would measure the sandbox.
  void githubSchema();
  let closing: Promise<void> | undefined;
  // Ctrl-C arrives twice: from the terminal, and from npm, which passes it on.
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.on(signal, () => void (closing ??= sandbox.close()));
}

/** Of Node, where no server can listen at an address. */
const CANNOT_LISTEN = new Set(['EACCES', 'EADDRINUSE', 'EADDRNOTAVAIL', 'ENOTFOUND', 'ERR_SOCKET_BAD_PORT']);

class FlagError extends Error {}

function whole(flag: string, text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(number))
    throw new FlagError(`--${flag} ${text} is no whole number`);
  return number;
}

/** What the caller can fix, in one line; null for a defect of ours. */
function tell(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  const code = 'code' in error ? String(error.code) : '';
  if (error instanceof FlagError || code.startsWith('ERR_PARSE_ARGS'))
    return `${error.message}. See npm run sandbox -- --help`;
  return CANNOT_LISTEN.has(code) ? `${error.message}. Choose another with --port or --host` : null;
}

try {
  await main();
} catch (error) {
  const text = tell(error);
  if (text === null) throw error;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
