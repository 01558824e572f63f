import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { storm } from '../bench/benchmarks/storm.ts';
import { resultsOf, tableOf } from '../bench/results.ts';
import { openStack } from '../bench/stack.ts';
import { findTemporal } from '../src/standalone/temporal-program.ts';
import { adminUrl } from './support/database.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'github-auto-sync-bench-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('runs a benchmark over its floor and counts what it costs', async () => {
  const servers = {
    postgres: { adminUrl: adminUrl(), child: { pid: process.pid } },
    temporalProgram: process.env['TEST_TEMPORAL_PROGRAM'] ?? (await findTemporal(() => undefined)),
    folder,
    profile: false,
  };
  const figures = await storm.run({
    size: 'small',
    print: () => undefined,
    openStack: (options) => openStack(servers, options),
  });
  const byName = new Map(figures.map((figure) => [figure.name, figure]));
  expect(byName.get('all rows right')?.value).toBeGreaterThan(0);
  expect(byName.get('all rows right')?.floor).toEqual([expect.any(Number), expect.any(Number)]);
  const pair = byName.get('over a bare handler and applier side by side');
  expect(pair?.floor).toEqual([expect.any(Number), expect.any(Number)]);
  expect(byName.get('those two over that program')?.value).toBeGreaterThan(0);
  expect(byName.get('Temporal actions per 1,000 deliveries')?.value).toBeGreaterThan(0);
  expect(byName.get('peak memory of the API')?.value).toBeGreaterThan(50);
});

it('gives no ratio over a floor of nothing', () => {
  const [result] = resultsOf({ name: 'one', about: '', run: storm.run }, [took(100, [0, 0])]);
  expect(result).toMatchObject({ median: 100, floor: 0 });
  expect(result?.ratio).toBeUndefined();
});

it('gives medians, and ratios over the floors of the same run', () => {
  const results = resultsOf({ name: 'one', about: '', elsewhere: 'others 9 s', run: storm.run }, [
    took(100, [10, 30]),
    took(300, [100, 200]),
    took(200, [50, 50]),
  ]);
  expect(results).toEqual([
    {
      benchmark: 'one',
      figure: 'took',
      unit: 'ms',
      values: [100, 300, 200],
      median: 200,
      floor: 50,
      ratio: 4,
      elsewhere: 'others 9 s',
    },
  ]);
  expect(tableOf(results).split('\n').at(-1)).toBe(
    '| one       | took   | 200 ms | 50 ms | 4.00 × |        | others 9 s |',
  );
});

function took(value: number, floor: number[]) {
  return [{ name: 'took', value, unit: 'ms', floor }];
}
