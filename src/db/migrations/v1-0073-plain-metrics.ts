import { Migration } from '@mikro-orm/migrations';
import { fillBySlice } from './fill-by-slice.ts';
import { createConcurrently } from './index-concurrently.ts';
import { DAYS_90, repositoryMetrics } from './repository-metrics.ts';

const PULL_REQUEST_METRICS = `
      create or replace view pull_request_metrics as
      select
        f.pull_request_id, f.repository_id, v.first_review_at,
        date_part('epoch', v.first_review_at - v.waiting_since) / 3600 as hours_to_first_review,
        f.first_approval_at, f.reviews, f.reviewers, f.review_rounds, f.comments, f.unresolved_threads,
        f.size, f.hours_to_merge, f.coding_hours
      from pull_request_figures f
      join repositories r on r.id = f.repository_id and r.removed_at is null
      left join pull_request_first_reviews v on v.pull_request_id = f.pull_request_id;
`;

const REPOSITORY_METRICS = repositoryMetrics({
  columns: 'i.open_issues, coalesce(t.open_pull_requests, 0) as open_pull_requests, i.stale_issues',
  from: `cross join lateral (
        select count(*)::int as open_issues,
          (count(*) filter (where updated_at < (select now() - ${DAYS_90})))::int as stale_issues
        from issues where repository_id = r.id and deleted_at is null and state = 'open'
      ) i`,
});

/**
 * Figures of pull requests that had nothing to count or are from before v1-0072; then the views with the same columns and figures
 * as in v1-0054, from those alone. Of merged pull requests one narrow index tells all that `repository_metrics` counts.
 */
export class V10073PlainMetrics extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(
      fillBySlice({
        table: 'pull_request_figures',
        ids: 'select id from pull_requests where id > last order by id limit 1000',
        write: 'write_pull_request_figures',
      }),
    );
    const on = 'on pull_request_figures (repository_id, merged_at) include (hours_to_merge, is_reviewed)';
    for (const statement of createConcurrently('pull_request_figures_merged', on)) this.addSql(statement);
    this.addSql('vacuum analyze pull_request_figures');
    this.addSql(`set local lock_timeout = '1s'; ${PULL_REQUEST_METRICS}`);
    this.addSql(`set local lock_timeout = '1s'; ${REPOSITORY_METRICS}`);
    this.addSql('drop index concurrently if exists pull_request_figures_reviewed');
  }
}
