import { readFileSync } from 'node:fs';
import type { Bench, Benchmark } from '../benchmark.ts';

const SIZES = { full: 1, small: 0.001 };
const ASKED = { full: 40, small: 2 };

const PATHS = [
  { name: 'health', path: '/api/sync/health/', target: '≤ 20 ms' },
  { name: 'jobs', path: '/api/sync/jobs/', target: '≤ 20 ms' },
  { name: 'failed jobs', path: '/api/sync/jobs/?status=failed', target: '≤ 20 ms' },
  { name: 'deliveries', path: '/api/deliveries/', target: '≤ 20 ms' },
  { name: 'failed deliveries', path: '/api/deliveries/?status=failed', target: '≤ 20 ms' },
  { name: 'deliveries of a repository', path: '/api/deliveries/?repository_id=77', target: '≤ 20 ms' },
  { name: 'a repository', path: '/api/analytics/repositories/77/', target: '≤ 200 ms' },
  { name: 'an installation of 5,000', path: '/api/analytics/installations/1/', target: '≤ 200 ms' },
] as const;

export const analytics: Benchmark = {
  name: 'analytics',
  about:
    'answers at 1,000,000 commits and deliveries, 10,000 repositories, 200,000 issues, 100,000 pull requests',
  run: measure,
};

async function measure(bench: Bench) {
  const stack = await bench.openStack({ roles: ['api'] });
  try {
    const statements = readFileSync(new URL('full-mirror.sql', import.meta.url), 'utf8');
    await stack.pool.query(statements.replaceAll(':scale', String(SIZES[bench.size])));
    await stack.pool.query('vacuum analyze');
    const figures = [];
    for (const { name, path, target } of PATHS) {
      const times: number[] = [];
      for (let at = 0; at < ASKED[bench.size]; at += 1) {
        const begun = performance.now();
        const answer = await fetch(stack.apiUrl + path);
        await answer.arrayBuffer();
        times.push(performance.now() - begun);
      }
      const sorted = times.toSorted((a, b) => a - b);
      const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
      figures.push({ name: `${name}, p95`, value: p95, unit: 'ms', target });
    }
    return figures;
  } finally {
    await stack.stop();
  }
}
