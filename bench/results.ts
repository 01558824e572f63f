import type { Benchmark, Figure } from './benchmark.ts';

/** A figure over all runs. */
export interface Result {
  benchmark: string;
  figure: string;
  unit: string;
  /** of each run */
  values: number[];
  median: number;
  /** the median of the floor, just before and just after each run */
  floor?: number;
  /** the median of each run's value over its own floors: machines are noisy, and their ratios less so */
  ratio?: number;
  target?: string;
  elsewhere?: string;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** @param part such as 0.99 for the value that 99 % do not exceed */
export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * part)] ?? 0;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}

/** @param runs the figures of each run, the same ones in each */
export function resultsOf(benchmark: Benchmark, runs: readonly Figure[][]): Result[] {
  return (runs[0] ?? []).map(({ name, unit, target }, at) => {
    const own = runs.flatMap((figures) => figures[at] ?? []);
    const floors = own.flatMap(({ floor }) => floor ?? []);
    // A floor of nothing, as in a run of `--size small`, gives no ratio.
    const ratios = own.flatMap(({ value, floor = [] }) => (mean(floor) > 0 ? [value / mean(floor)] : []));
    return {
      benchmark: benchmark.name,
      figure: name,
      unit,
      values: own.map(({ value }) => value),
      median: median(own.map(({ value }) => value)),
      ...(floors.length > 0 && { floor: median(floors) }),
      ...(ratios.length > 0 && { ratio: median(ratios) }),
      ...(target !== undefined && { target }),
      ...(at === 0 && benchmark.elsewhere !== undefined && { elsewhere: benchmark.elsewhere }),
    };
  });
}

/** The results as a table of Markdown. */
export function tableOf(results: readonly Result[]): string {
  const rows = results.map((one) => [
    one.benchmark,
    one.figure,
    `${shown(one.median)} ${one.unit}`.trim(),
    one.floor === undefined ? '' : `${shown(one.floor)} ${one.unit}`.trim(),
    one.ratio === undefined ? '' : `${one.ratio.toFixed(2)} ×`,
    one.target ?? '',
    one.elsewhere ?? '',
  ]);
  const head = ['benchmark', 'figure', 'median', 'floor', 'ratio', 'target', 'elsewhere'];
  const widths = head.map((_one, at) => Math.max(...[head, ...rows].map((row) => row[at]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function shown(value: number): string {
  return Number(value.toPrecision(value >= 1000 ? 5 : 3)).toLocaleString('en-US');
}
