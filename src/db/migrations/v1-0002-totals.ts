import { Migration } from '@mikro-orm/migrations';

/** `name` of the table, and which of its rows are live. */
const counted = [
  { table: 'commits', column: 'commits', live: 'orphaned_at is null' },
  { table: 'issues', column: 'issues', live: 'deleted_at is null' },
  { table: 'pull_requests', column: 'pull_requests', live: 'deleted_at is null' },
] as const;

/**
 * Live rows of each repository, kept by statement triggers: `health` answers in milliseconds at a million
 * rows, and stays true for rows that a person changes by hand. Also what an erased installation leaves.
 */
export class V10002Totals extends Migration {
  override up(): void {
    this.addSql(`
      create table repository_totals (
        repository_id bigint primary key references repositories on delete cascade,
        commits bigint not null default 0,
        issues bigint not null default 0,
        pull_requests bigint not null default 0
      ) with (fillfactor = 50);
    `);
    for (const { table, column, live } of counted) {
      const add = (difference: string) => `
        insert into repository_totals as t (repository_id, ${column})
        select repository_id, n from (${difference}) d where n <> 0
          and exists (select 1 from repositories r where r.id = d.repository_id)
        on conflict (repository_id) do update set ${column} = t.${column} + excluded.${column};`;
      const count = (rows: string, sign: string) =>
        `select repository_id, ${sign}count(*) as n from ${rows} where ${live} group by repository_id`;
      this.addSql(`
        create function count_${table}() returns trigger language plpgsql as $$
        begin
          if tg_op = 'INSERT' then ${add(count('new_rows', ''))}
          elsif tg_op = 'DELETE' then ${add(count('old_rows', '-'))}
          else ${add(`select repository_id, sum(n)::bigint as n from (
                 ${count('new_rows', '')} union all ${count('old_rows', '-')}) both_rows group by repository_id`)}
          end if;
          return null;
        end $$;
        create trigger count_inserted after insert on ${table}
          referencing new table as new_rows for each statement execute function count_${table}();
        create trigger count_updated after update on ${table}
          referencing old table as old_rows new table as new_rows
          for each statement execute function count_${table}();
        create trigger count_deleted after delete on ${table}
          referencing old table as old_rows for each statement execute function count_${table}();
      `);
    }
    this.addSql(`
      create function erase_installation_records() returns trigger language plpgsql as $$
      begin
        delete from webhook_deliveries where installation_id = old.id;
        delete from sync_jobs where installation_id = old.id;
        delete from rate_limits where installation_id = old.id;
        return null;
      end $$;
      create trigger erase_records after delete on installations
        for each row execute function erase_installation_records();
    `);
  }
}
