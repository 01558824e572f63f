import { expect, it } from '@jest/globals';
import { buildProbes } from '../../src/worker/probes.ts';
import { version } from '../../src/version.ts';

it.each([
  [{ database: true, temporal: true }, 200, 'ready'],
  [{ database: false, temporal: true }, 503, 'not ready'],
  [{ database: true, temporal: false }, 503, 'not ready'],
])('tells readiness by dependency: %j', async (dependencies, code, status) => {
  const probes = buildProbes({ isReady: async () => dependencies, metrics: async () => '' });
  for (const url of ['/readyz', '/readyz/']) {
    const answer = await probes.inject(url);
    expect(answer.statusCode).toBe(code);
    expect(answer.json()).toEqual({ status, ...dependencies });
  }
});

it('is alive whatever is away, and shows metrics as Prometheus reads them', async () => {
  const probes = buildProbes({
    isReady: async () => ({ database: false }),
    metrics: async () => 'jobs_total 3\n',
  });
  expect((await probes.inject('/livez')).json()).toEqual({ status: 'ok', version });
  const { headers, body } = await probes.inject('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(body).toBe('jobs_total 3\n');
});
