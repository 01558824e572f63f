import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from '@jest/globals';

const src = new URL('../../src/', import.meta.url).href;

/** In a process of its own, since Jest's modules are not in Node's cache. */
const servers = {
  'the API': `
    import { buildApp } from '${src}api/app.ts';
    import { createMetrics } from '${src}api/metrics.ts';
    import { createLogger } from '${src}logger.ts';
    const log = createLogger('api', 'warn');
    const server = await buildApp({ settings: { webhookSecrets: [] }, metrics: createMetrics(), log });`,
  'its metrics': `
    import { buildMetricsServer } from '${src}api/metrics-server.ts';
    const server = buildMetricsServer({});`,
  "the worker's probes": `
    import { buildProbes } from '${src}worker/probes.ts';
    const server = buildProbes({});`,
};

it.each(Object.entries(servers))('gets %s ready without Ajv, which nothing uses', async (_name, build) => {
  const program = `
    import { createRequire } from 'node:module';${build}
    await server.ready();
    const { cache } = createRequire('${src}');
    const loaded = (name) => Object.keys(cache).some((file) => file.includes('/node_modules/' + name + '/'));
    console.log(JSON.stringify({ fastify: loaded('fastify'), ajv: loaded('ajv') }));
    process.exit();`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(src),
  });
  expect(JSON.parse(stdout)).toEqual({ fastify: true, ajv: false });
});
