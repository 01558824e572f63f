import { Migration } from '@mikro-orm/migrations';

const LIVE_OPEN = `deleted_at is null and state = 'open'`;

/** Sums over rows of one statement: of each repository, those that are live, open, and the reviews they are asked for. */
const sums = (rows: string, sign: string) => `select repository_id, ${sign}count(*) as n,
            ${sign}count(*) filter (where state = 'open') as open, ${sign}coalesce(sum(
              cardinality(requested_reviewers) + cardinality(requested_teams)) filter (where state = 'open'), 0) as requests
          from ${rows} where deleted_at is null group by repository_id`;

const add = (difference: string) => `
        insert into repository_totals as t (repository_id, pull_requests, open_pull_requests, open_review_requests)
        select repository_id, n, open, requests from (
          select repository_id, sum(n)::bigint as n, sum(open)::bigint as open, sum(requests)::bigint as requests
          from (${difference}) both_rows group by repository_id
        ) d where (n <> 0 or open <> 0 or requests <> 0)
          and exists (select 1 from repositories r where r.id = d.repository_id)
        on conflict (repository_id) do update set pull_requests = t.pull_requests + excluded.pull_requests,
          open_pull_requests = t.open_pull_requests + excluded.open_pull_requests,
          open_review_requests = t.open_review_requests + excluded.open_review_requests;`;

/**
 * The totals of v1-0002 know open pull requests and the reviews that they are asked for, by the trigger that counts pull requests
 * anyway: `repository_metrics` read each open one. Those from before are counted in v1-0047. `pull_requests` is locked, so that
 * whoever writes does so by the old trigger or by the new one: for a quarter of a second at most.
 */
export class V10046OpenPullRequests extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '240ms'`);
    this.addSql('lock table pull_requests in share row exclusive mode');
    this.addSql(`
      alter table repository_totals
        add column open_pull_requests int not null default 0, add column open_review_requests int not null default 0;
    `);
    this.addSql(`
      create or replace function count_pull_requests() returns trigger language plpgsql as $$
      begin
        if tg_op = 'INSERT' then ${add(sums('new_rows', ''))}
        elsif tg_op = 'DELETE' then ${add(sums('old_rows', '-'))}
        else ${add(`${sums('new_rows', '')} union all ${sums('old_rows', '-')}`)}
        end if;
        return null;
      end $$;
    `);
    // Makes the open ones of these repositories anew, for v1-0047 and for whoever doubts them.
    this.addSql(`
      create function recount_open_pull_requests(ids bigint[]) returns void language sql as $$
        update repository_totals t set open_pull_requests = c.open, open_review_requests = c.requests
        from unnest(ids) given(id) cross join lateral (
          select count(*) as open, coalesce(sum(cardinality(requested_reviewers) + cardinality(requested_teams)), 0) as requests
          from pull_requests where repository_id = given.id and ${LIVE_OPEN}
        ) c where t.repository_id = given.id
      $$;
    `);
  }
}
