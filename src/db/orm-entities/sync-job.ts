import { defineEntity, p } from '@mikro-orm/core';

/** One piece of work, over all its workflow runs. */
export const SyncJob = defineEntity({
  name: 'SyncJob',
  tableName: 'sync_jobs',
  properties: {
    id: p.uuid().primary(),
    jobType: p.text(),
    status: p.text(),
    trigger: p.text(),
    installationId: p.bigint('number').nullable(),
    repositoryId: p.bigint('number').nullable(),
    repositoriesProcessed: p.integer().default(0),
    commitsImported: p.integer().default(0),
    issuesImported: p.integer().default(0),
    pullRequestsImported: p.integer().default(0),
    rows: p.json<Record<string, number>>(),
    apiRequests: p.integer().default(0),
    rateLimitPoints: p.integer().default(0),
    errors: p.integer().default(0),
    errorsByCode: p.json<Record<string, number>>(),
    error: p.json<{ code: string; message: string }>().nullable(),
    startedAt: p.datetime(),
    finishedAt: p.datetime().nullable(),
    workflowId: p.text(),
    runId: p.text(),
    durationMs: p.bigint('number').nullable(),
    temporalUrl: p.text().nullable(),
  },
});
