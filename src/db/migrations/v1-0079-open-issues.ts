import { Migration } from '@mikro-orm/migrations';

/** Sums over rows of one statement: of each repository, those that are live and, of these, open. */
const sums = (rows: string, sign: string) => `select repository_id, ${sign}count(*) as n,
            ${sign}count(*) filter (where state = 'open') as open
          from ${rows} where deleted_at is null group by repository_id`;

const add = (difference: string) => `
        insert into repository_totals as t (repository_id, issues, open_issues)
        select repository_id, n, open from (
          select repository_id, sum(n)::bigint as n, sum(open)::bigint as open
          from (${difference}) both_rows group by repository_id
        ) d where (n <> 0 or open <> 0)
          and exists (select 1 from repositories r where r.id = d.repository_id)
        on conflict (repository_id) do update set issues = t.issues + excluded.issues,
          open_issues = t.open_issues + excluded.open_issues;`;

/**
 * What v1-0046 did for pull requests: the totals of v1-0002 know open issues, by the trigger that counts issues anyway. Each batch
 * of deliveries counted every open issue of its repository for `repositories.open_issues_count`. Those from before are counted in
 * v1-0080. `issues` is locked, so that whoever writes does so by the old trigger or by the new one: for a quarter of a second at
 * most. Emptied tables are counted too (`truncate`), here and in v1-0080.
 */
export class V10079OpenIssues extends Migration {
  override up(): void {
    this.addSql(`set local lock_timeout = '240ms'`);
    this.addSql('lock table issues in share row exclusive mode');
    this.addSql('alter table repository_totals add column open_issues int not null default 0');
    this.addSql(`
      create or replace function count_issues() returns trigger language plpgsql as $$
      begin
        if tg_op = 'INSERT' then ${add(sums('new_rows', ''))}
        elsif tg_op = 'DELETE' then ${add(sums('old_rows', '-'))}
        else ${add(`${sums('new_rows', '')} union all ${sums('old_rows', '-')}`)}
        end if;
        return null;
      end $$;
    `);
    this.addSql(`
      create function count_truncated() returns trigger language plpgsql as $$
      begin
        if tg_table_name = 'issues' then
          update repository_totals set issues = 0, open_issues = 0 where issues <> 0;
        elsif tg_table_name = 'commits' then
          update repository_totals set commits = 0 where commits <> 0;
        else
          update repository_totals set pull_requests = 0, open_pull_requests = 0, open_review_requests = 0
          where pull_requests <> 0;
        end if;
        return null;
      end $$;
      create trigger count_truncated after truncate on issues for each statement execute function count_truncated();
    `);
    // Makes the open ones of these repositories anew, for v1-0080.
    this.addSql(`
      create function recount_open_issues(ids bigint[]) returns void language sql as $$
        update repository_totals t set open_issues = c.open
        from unnest(ids) given(id) cross join lateral (
          select count(*) as open from issues
          where repository_id = given.id and state = 'open' and deleted_at is null
        ) c where t.repository_id = given.id
      $$;
    `);
  }
}
