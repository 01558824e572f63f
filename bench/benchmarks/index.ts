import type { Benchmark } from '../benchmark.ts';
import { analytics, analyticsLarge } from './analytics.ts';
import { firstRows } from './first-rows.ts';
import { histories } from './histories.ts';
import { history, longHistory } from './history.ts';
import { importBenchmark, importCursors } from './import.ts';
import { installation } from './installation.ts';
import { largePushes } from './large-pushes.ts';
import { latency } from './latency.ts';
import { memory, memoryComments, memoryMillion } from './memory.ts';
import { migrations, migrationsReviews } from './migrations.ts';
import { realLife } from './real-life.ts';
import { receive } from './receive.ts';
import { silentDatabase } from './silent-database.ts';
import { start } from './start.ts';
import { storm, stormMixed } from './storm.ts';
import { sweep } from './sweep.ts';
import { unsignedBodies } from './unsigned-bodies.ts';
import { verification } from './verification.ts';
import { views, viewsLarge } from './views.ts';
import { workers } from './workers.ts';

/** All of them, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  importBenchmark,
  importCursors,
  installation,
  firstRows,
  sweep,
  realLife,
  receive,
  latency,
  storm,
  stormMixed,
  workers,
  memory,
  memoryMillion,
  memoryComments,
  history,
  longHistory,
  verification,
  histories,
  analytics,
  analyticsLarge,
  views,
  viewsLarge,
  migrations,
  migrationsReviews,
  start,
  unsignedBodies,
  silentDatabase,
  largePushes,
];
