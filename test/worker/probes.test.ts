import { expect, it } from '@jest/globals';
import { buildProbes } from '../../src/worker/probes.ts';
import { version } from '../../src/process/version.ts';

const up = { schemaFault: async () => null, isPolling: () => true, metrics: async () => 'jobs_total 3\n' };
const away = async (): Promise<null> => {
  throw new Error('connect ECONNREFUSED');
};
const ready = { database: 'up', schema: 'current', temporal: 'up' };

it.each([
  [{}, 200, 'ready', ready],
  [{ schemaFault: away }, 503, 'not ready', { ...ready, database: 'down', schema: 'unknown' }],
  [{ schemaFault: async () => 'too old' }, 503, 'not ready', { ...ready, schema: 'too old' }],
  [{ isPolling: () => false }, 503, 'not ready', { ...ready, temporal: 'down' }],
])('reports readiness by dependency, as the API does: %j', async (changes, code, status, dependencies) => {
  const probes = buildProbes({ ...up, ...changes });
  for (const url of ['/readyz', '/readyz/']) {
    const answer = await probes.inject(url);
    expect(answer.statusCode).toBe(code);
    expect(answer.json()).toEqual({ status, dependencies });
  }
});

it("is alive whatever is unavailable, and serves metrics in Prometheus's format", async () => {
  const probes = buildProbes({ ...up, schemaFault: away });
  expect((await probes.inject('/livez')).json()).toEqual({ status: 'alive', version });
  const { headers, body } = await probes.inject('/metrics');
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  expect(body).toBe('jobs_total 3\n');
});
