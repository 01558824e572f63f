import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { createWorkerMetrics } from '../src/worker/metrics.ts';
import { startTestApi, type TestApi } from './api/support.ts';

const path = (name: string) => fileURLToPath(new URL(`../ops/${name}`, import.meta.url));
const text = (name: string) => readFileSync(path(name), 'utf8');

const rules = z
  .object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({
            alert: z.string(),
            expr: z.string(),
            labels: z.object({ severity: z.enum(['info', 'warning', 'critical']) }),
            annotations: z.object({ summary: z.string(), description: z.string() }),
          }),
        ),
      }),
    ),
  })
  .parse(parse(text('alerts.yml')))
  .groups.flatMap((group) => group.rules);

const panels = z
  .object({
    panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) })),
  })
  .parse(JSON.parse(text('grafana.json'))).panels;

const words = new Set(
  'absent avg by code histogram_quantile increase le max min or outcome rate reachable resource route status sum type vector'.split(
    ' ',
  ),
);

/** The metrics that a PromQL expression reads. */
function metricsIn(expression: string): string[] {
  const bare = expression.replaceAll(/\{[^}]*\}|\[[^\]]*\]|\b\d[\d.]*/g, ' ');
  return (bare.match(/[a-z_][a-z0-9_]*/g) ?? []).filter((word) => !words.has(word));
}

const used = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: title, expr }))),
].flatMap(({ where, expr }) => metricsIn(expr).map((metric) => ({ where, metric })));

describe('the metrics that ops/alerts.yml and ops/grafana.json read', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.close());

  /** What the two roles export, whether there is a value or not. */
  async function exported(): Promise<Set<string>> {
    const nothing = { tokensMintedAt: () => [] };
    const answers = [
      (await api.app.inject({ url: '/metrics' })).body,
      await createWorkerMetrics().render(nothing),
    ];
    const types = answers.flatMap((answer) => [...answer.matchAll(/^# TYPE (\S+) (\S+)$/gm)]);
    return new Set(
      types.flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`] : [name],
      ),
    );
  }

  it('are exported by the API or the worker', async () => {
    const known = await exported();
    expect(used.length).toBeGreaterThan(30);
    expect(used.filter(({ metric }) => !known.has(metric))).toEqual([]);
  });

  it('cover all of the state that the API exports', async () => {
    const state = [...(await exported())].filter((name) => /^(sync|github)_/.test(name));
    const read = new Set(used.map(({ metric }) => metric));
    const unread = state.filter((name) => !read.has(name) && !name.endsWith('_sum'));
    // Told for debugging: nothing of them is good or bad by itself.
    expect(unread.sort()).toEqual([
      'github_token_next_expiry_seconds',
      'sync_deliveries',
      'sync_jobs_reaped_total',
    ]);
  });
});

const promtool = spawnSync('promtool', ['--version']).status === 0;

(promtool ? it : it.skip)(
  'promtool takes the rules (skipped where there is no promtool: Debian has it in prometheus)',
  () => {
    expect(execFileSync('promtool', ['check', 'rules', path('alerts.yml')], { encoding: 'utf8' })).toContain(
      `SUCCESS: ${rules.length} rules found`,
    );
  },
);
