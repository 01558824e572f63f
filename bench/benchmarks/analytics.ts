import type { Bench, Benchmark } from '../benchmark.ts';
import { ALL_KINDS, fillNewest, ROWS } from './full-mirror.ts';

const SCALE = { full: 1, small: 0.001 };
/** Enough calls that p95 is not the second call of a process that just started, which has connections to open and code to compile. */
const ASKED = { full: 100, small: 2 };

interface Mirror {
  repositories: { full: number; small: number };
  installations: number;
  asked: readonly { name: string; path: string; target: string }[];
}

const many: Mirror = {
  repositories: { full: 10_000, small: 100 },
  installations: 2,
  asked: [
    { name: 'health', path: '/api/sync/health/', target: '≤ 20 ms' },
    { name: 'jobs', path: '/api/sync/jobs/', target: '≤ 20 ms' },
    { name: 'failed jobs', path: '/api/sync/jobs/?status=failed', target: '≤ 20 ms' },
    { name: 'deliveries', path: '/api/deliveries/', target: '≤ 20 ms' },
    { name: 'failed deliveries', path: '/api/deliveries/?status=failed', target: '≤ 20 ms' },
    { name: 'deliveries of a repository', path: '/api/deliveries/?repository_id=77', target: '≤ 20 ms' },
    { name: 'a repository', path: '/api/analytics/repositories/77/', target: '≤ 200 ms' },
    { name: 'an installation of 5,000', path: '/api/analytics/installations/1/', target: '≤ 200 ms' },
    { name: 'its weeks', path: '/api/analytics/pull-requests/weeks/?installation_id=1', target: '≤ 200 ms' },
  ],
};

const large: Mirror = {
  repositories: { full: 101, small: 101 },
  installations: 1,
  asked: [
    { name: 'a repository', path: '/api/analytics/repositories/77/', target: '≤ 200 ms' },
    { name: 'an installation of 101', path: '/api/analytics/installations/1/', target: '≤ 200 ms' },
    { name: 'its weeks', path: '/api/analytics/pull-requests/weeks/?installation_id=1', target: '≤ 200 ms' },
  ],
};

export const analytics: Benchmark = {
  name: 'analytics',
  about: `answers at 10,000 repositories: ${ROWS}`,
  run: (bench) => measure(bench, many),
};

export const analyticsLarge: Benchmark = {
  name: 'analytics-large',
  about: 'the same rows in 101 large repositories',
  run: (bench) => measure(bench, large),
};

async function measure(bench: Bench, { repositories, installations, asked }: Mirror) {
  const numbers = { scale: SCALE[bench.size], repositories: repositories[bench.size], installations };
  const stack = await bench.openStack({
    roles: ['api'],
    schema: ALL_KINDS,
    fill: (pool, databaseUrl) => fillNewest(pool, databaseUrl, numbers),
  });
  try {
    const figures = [];
    for (const { name, path, target } of asked) {
      const times: number[] = [];
      for (let at = 0; at < ASKED[bench.size]; at += 1) {
        const begun = performance.now();
        const answer = await fetch(stack.apiUrl + path);
        await answer.arrayBuffer();
        times.push(performance.now() - begun);
      }
      const sorted = times.toSorted((a, b) => a - b);
      const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
      figures.push({ name: `${name}, p95`, value: p95, unit: 'ms', ...(target === '' ? {} : { target }) });
    }
    return figures;
  } finally {
    await stack.stop();
  }
}
