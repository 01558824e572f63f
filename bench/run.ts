/**
 * `npm run bench`: how fast the product is, over small programs that do the least of the same. Prints a table and
 * writes it as JSON. `--help` tells the flags.
 */
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { commandArguments, wholeNumberOption, wordOption } from '../src/command-options.ts';
import { startPostgres } from '../src/standalone/postgres-server.ts';
import { findTemporal } from '../src/standalone/temporal-program.ts';
import { benchmarks } from './benchmarks/index.ts';
import type { Benchmark, Figure } from './benchmark.ts';
import { startTemporalOnPostgres, type TemporalOnPostgres } from './production-temporal.ts';
import { resultsOf, tableOf, type Result } from './results.ts';
import { openStack, type Servers } from './stack.ts';
import { STATEMENTS } from './statements.ts';

const FOLDER = '.build/bench';
const HELP = `npm run bench -- [NAME …] [--runs 3] [--size full|small] [--temporal dev|postgres] [--profile]
  --runs     the number of runs of each; results are medians
  --size     small: takes seconds and shows that it works; its figures mean nothing
  --temporal postgres: as in docker-compose.yml, one server on a PostgreSQL of its own for all runs; built with Go once
  --profile  a CPU profile of the API and the worker of each run, and PostgreSQL's statements, in ${FOLDER}

${benchmarks.map(({ name, about }) => `  ${name.padEnd(16)} ${about}`).join('\n')}
`;

async function main(): Promise<number> {
  const { values, positionals } = commandArguments(HELP, {
    runs: { type: 'string', default: '3' },
    size: { type: 'string', default: 'full' },
    temporal: { type: 'string', default: 'dev' },
    profile: { type: 'boolean', default: false },
  });
  const unknown = positionals.filter((one) => !benchmarks.some(({ name }) => name === one));
  const size = wordOption('size', values.size, ['full', 'small']);
  const runs = wholeNumberOption('runs', values.runs);
  const temporalKind = wordOption('temporal', values.temporal, ['dev', 'postgres']);
  if (unknown.length > 0) {
    process.stdout.write(`There is no benchmark ${unknown.join(', ')}.\n${HELP}`);
    return 1;
  }
  const chosen = benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const folder = resolve(FOLDER, new Date().toISOString().replaceAll(':', '-').slice(0, 19));
  mkdirSync(folder, { recursive: true });
  const dataDir = join(folder, 'postgres');
  const settings = values.profile ? STATEMENTS : [];
  const postgres = await startPostgres({ dataDir, durable: true, settings, print });
  let temporal: TemporalOnPostgres | undefined;
  try {
    if (temporalKind === 'postgres') temporal = await startTemporalOnPostgres(folder, print);
    const temporalProgram = temporal === undefined ? await findTemporal(print) : '';
    const servers = { postgres, temporal, temporalProgram, folder, profile: values.profile };
    const results: Result[] = [];
    for (const benchmark of chosen) results.push(...(await measure(benchmark, servers, { size, runs })));
    const summary = {
      at: new Date().toISOString(),
      cores: availableParallelism(),
      node: process.version,
      temporal: temporalKind,
      results,
    };
    const file = join(folder, 'results.json');
    writeFileSync(file, JSON.stringify(summary, null, 2));
    process.stdout.write(`${tableOf(results)}\n\n${file}\n`);
    return 0;
  } finally {
    await temporal?.stop();
    await postgres.stop();
    for (const dir of [dataDir, ...(temporal === undefined ? [] : [temporal.dataDir])]) {
      // Where another user runs PostgreSQL, it may be a link to where that user can enter.
      rmSync(realpathSync(dir), { recursive: true });
      rmSync(dir, { recursive: true, force: true });
    }
  }
}

async function measure(
  benchmark: Benchmark,
  servers: Servers,
  { size, runs }: { size: 'full' | 'small'; runs: number },
): Promise<Result[]> {
  const figures: Figure[][] = [];
  for (let run = 1; run <= runs; run += 1) {
    print(`${benchmark.name}: run ${run} of ${runs}`);
    const measured = await benchmark.run({
      size,
      print,
      openStack: (options) => openStack(servers, options),
    });
    // At once, so that a long series that is stopped early has shown its results so far.
    print(tableOf(resultsOf(benchmark, [measured])));
    figures.push(measured);
  }
  return resultsOf(benchmark, figures);
}

function print(line: string): void {
  process.stderr.write(`${line}\n`);
}

process.exitCode = await main();
