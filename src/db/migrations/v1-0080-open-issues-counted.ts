import { Migration } from '@mikro-orm/migrations';
import { fillBySlice } from './fill-by-slice.ts';
import { DAYS_90, repositoryMetrics } from './repository-metrics.ts';

/** Up to fifty repositories that have at most so many issues together, or one that has more. */
const SLICE = `
  select repository_id from (
    select repository_id, row_number() over following as nth, sum(issues) over following as upto
    from (
      select repository_id, issues from repository_totals where repository_id > last order by repository_id limit 50
    ) next window following as (order by repository_id)
  ) slice where nth = 1 or upto <= 20000 order by repository_id`;

const REPOSITORY_METRICS = repositoryMetrics({
  columns: `coalesce(t.open_issues, 0) as open_issues, coalesce(t.open_pull_requests, 0) as open_pull_requests,
        (
          select count(*)::int from issues
          where repository_id = r.id and deleted_at is null and state = 'open' and updated_at < now() - ${DAYS_90}
        ) as stale_issues`,
  from: '',
});

/**
 * The open issues from before v1-0079; then `repository_metrics` with the same columns and figures as in v1-0073, from them. Of open
 * issues it reads the stale ones alone.
 */
export class V10080OpenIssuesCounted extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const table of ['commits', 'pull_requests']) {
      this.addSql(`
        set local lock_timeout = '240ms';
        create or replace trigger count_truncated after truncate on ${table}
          for each statement execute function count_truncated()
      `);
    }
    this.addSql(fillBySlice({ table: 'repository_totals', ids: SLICE, write: 'recount_open_issues' }));
    this.addSql(`set local lock_timeout = '1s'; ${REPOSITORY_METRICS}`);
  }
}
