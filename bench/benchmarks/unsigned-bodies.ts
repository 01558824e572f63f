import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sendEndlessBody } from '../../test/support/endless-body.ts';
import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { offerDelivery } from '../post-deliveries.ts';
import { memoryOf } from '../process-usage.ts';
import { idleDelivery } from '../signed-delivery.ts';

const SIZES = {
  full: { connections: [100, 200], bytes: 24 * 1024 * 1024 },
  small: { connections: [10], bytes: 256 * 1024 },
};
const PAUSE_MS = 100;
/** As long as GitHub waits for an answer. */
const GITHUB_WAITS_MS = 10_000;
const USUAL_BYTES = 10_000;
/** Every tenth has what a push of many commits has. */
const LARGE_BYTES = 4_000_000;
/** Longer than anything is allowed to last. */
const GIVE_UP_MS = 120_000;

/** What can be told from the headers, and what only at the end of the body. */
const senders = [
  { what: 'no signature', headers: () => '' },
  {
    what: 'a wrong signature',
    headers: () =>
      `X-Hub-Signature-256: sha256=${'0'.repeat(64)}\r\nX-GitHub-Event: push\r\nX-GitHub-Delivery: ${randomUUID()}\r\n`,
  },
];

/** Anybody can send to the webhook: it may cost neither memory nor a delivery of GitHub's. */
export const unsignedBodies: Benchmark = {
  name: 'unsigned-bodies',
  about: '100 and 200 bodies of 24 MB that never end and that GitHub did not sign; about a minute',
  run: measure,
};

async function measure(bench: Bench): Promise<Figure[]> {
  const { connections, bytes } = SIZES[bench.size];
  const figures: Figure[] = [];
  for (const count of connections) {
    for (const { what, headers } of senders) {
      const outcome = await send(bench, { count, bytes, headers });
      const name = `${count} with ${what}`;
      figures.push(
        { name: `${name}: peak memory of the API`, value: outcome.peak, unit: 'MiB', target: '≤ 250 MiB' },
        { name: `${name}: before, with GitHub's deliveries alone`, value: outcome.before, unit: 'MiB' },
        { name: `${name}: until all were closed`, value: outcome.ms, unit: 'ms', target: '≤ 30000 ms' },
        { name: `${name}: deliveries of GitHub's not taken`, value: outcome.refused, unit: '', target: '0' },
        { name: `${name}: of so many`, value: outcome.offered, unit: '' },
      );
    }
  }
  return figures;
}

interface Senders {
  count: number;
  bytes: number;
  headers: () => string;
}

/** Sends bodies without an end to an API of its own, beside GitHub's deliveries, until all were cut off. */
async function send(bench: Bench, { count, bytes, headers }: Senders) {
  const stack = await bench.openStack({ roles: ['api'] });
  try {
    const { api, apiUrl, github } = stack;
    if (api === undefined) throw new Error('it needs an API');
    const url = `${apiUrl}/api/github/webhook/`;
    const deliver = (at: number): Promise<number | null> =>
      offerDelivery(
        url,
        idleDelivery(github.webhookSecret, at % 10 === 0 ? LARGE_BYTES : USUAL_BYTES),
        GITHUB_WAITS_MS,
      );
    for (let at = 0; at < 100; at += 1) await deliver(at);
    const before = memoryOf(api.pid).peak;
    const begun = performance.now();
    const endless = Array.from({ length: count }, () =>
      sendEndlessBody(Number(new URL(apiUrl).port), bytes, headers()),
    );
    const statuses: (number | null)[] = [];
    let ms = 0;
    while (endless.some(({ destroyed }) => !destroyed)) {
      ms = performance.now() - begun;
      if (ms > GIVE_UP_MS) throw new Error('some bodies were never cut off');
      statuses.push(await deliver(statuses.length));
      await sleep(PAUSE_MS);
    }
    const refused = statuses.filter((status) => status !== 202).length;
    return { before, peak: memoryOf(api.pid).peak, ms, refused, offered: statuses.length };
  } finally {
    await stack.stop();
  }
}
