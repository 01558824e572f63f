import { setTimeout as sleep } from 'node:timers/promises';
import type { Bench, Benchmark, Figure } from '../benchmark.ts';
import { captureDeliveries } from '../capture-deliveries.ts';
import { offerDelivery, postDeliveries, type Delivery } from '../post-deliveries.ts';
import type { Stack } from '../stack.ts';
import { sweepOnce } from '../sweep-once.ts';
import { areImported, isQuiet, until } from '../until.ts';

const SIZES = {
  full: { repositories: 20, silentMs: 8000, issues: 1200 },
  small: { repositories: 2, silentMs: 1000, issues: 200 },
};
/** As long as GitHub waits for an answer. */
const GITHUB_WAITS_MS = 10_000;
const EVERY_MS = 50;
/** How many are sent before the host falls silent: by then every connection of the pools is open. */
const WARM = 100;

/** A host that lost its power or its network ends no connection: those of before never answer, new ones do once it is well. */
export const silentDatabase: Benchmark = {
  name: 'silent-database',
  about: "the database's host silent for 8 s while deliveries come; about a minute",
  run: measure,
};

async function measure(bench: Bench): Promise<Figure[]> {
  const { repositories, silentMs, issues } = SIZES[bench.size];
  const stack = await bench.openStack({ relayDatabase: true });
  try {
    const { apiUrl, databaseRelay, github, pool } = stack;
    const ids = await github.organisation('acme', repositories, 20);
    await github.install('acme');
    await until('the import', performance.now(), () => areImported(stack, repositories));
    const deliveries = await captureDeliveries(stack, async () => {
      for (let at = 0; at < issues; at += 1)
        await github.act('open-issue', { repo: ids[at % ids.length] ?? 0, title: `Number ${at}` });
    });
    const url = `${apiUrl}/api/github/webhook/`;
    await postDeliveries(url, deliveries.splice(0, WARM), { width: 32 });

    const end = new AbortController();
    const offered = offerInTurn(url, deliveries, end.signal);
    await sleep(1000);
    databaseRelay?.silence();
    await sleep(silentMs);
    databaseRelay?.restore();
    const well = performance.now();
    const [taken, ready, applied] = await Promise.all([
      until('a delivery that is taken', well, async () => offered.lastTaken() > well, 600_000),
      until('readiness', well, () => isReady(apiUrl), 600_000),
      until('a delivery that is applied', well, () => isAppliedAfter(stack, well), 600_000),
    ]);
    end.abort();
    const refused = await offered.refused;
    // What GitHub was not told to be durable is in its log: the next sweep takes it from there, or compares.
    await until('all that waits', performance.now(), () => isQuiet(stack));
    await sweepOnce(stack);
    await until('the deliveries of the log', performance.now(), () => isQuiet(stack));
    const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from issues');
    return [
      { name: 'until a delivery is taken', value: taken, unit: 'ms', target: '≤ 20000 ms' },
      { name: 'until /readyz answers 200', value: ready, unit: 'ms', target: '≤ 20000 ms' },
      { name: 'until the worker applies one', value: applied, unit: 'ms', target: '≤ 60000 ms' },
      { name: 'deliveries not taken', value: refused, unit: '' },
      { name: 'rows missing after the next sweep', value: issues - (rows[0]?.n ?? 0), unit: '', target: '0' },
    ];
  } finally {
    await stack.stop();
  }
}

/** Offers one after the other at a steady pace, whether the ones before are answered or not, as GitHub does. */
function offerInTurn(url: string, deliveries: readonly Delivery[], end: AbortSignal) {
  let lastTaken = 0;
  const offerAll = async (): Promise<number> => {
    const answers: Promise<number | null>[] = [];
    for (const delivery of deliveries) {
      if (end.aborted) break;
      const sent = performance.now();
      answers.push(
        offerDelivery(url, delivery, GITHUB_WAITS_MS).then((status) => {
          if (status === 202) lastTaken = Math.max(lastTaken, sent);
          return status;
        }),
      );
      await sleep(EVERY_MS);
    }
    const statuses = await Promise.all(answers);
    return statuses.filter((status) => status !== 202).length;
  };
  // `lastTaken`: when the newest one that was taken had been sent.
  return { lastTaken: () => lastTaken, refused: offerAll() };
}

async function isReady(apiUrl: string): Promise<boolean> {
  try {
    const answer = await fetch(`${apiUrl}/readyz`, { signal: AbortSignal.timeout(GITHUB_WAITS_MS) });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Whether a delivery was applied that arrived after the host had recovered. */
async function isAppliedAfter({ pool }: Stack, well: number): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from webhook_deliveries where status = 'processed'
        and received_at > now() - make_interval(secs => $1) limit 1`,
    [(performance.now() - well) / 1000],
  );
  return rowCount === 1;
}
