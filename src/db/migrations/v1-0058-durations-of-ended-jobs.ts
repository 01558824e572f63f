import { Migration } from '@mikro-orm/migrations';

/** So many pages of the table at a time, some 500 jobs, whose rows move to other pages and into every index. */
const SLICE = 20;

const SET = 'update sync_jobs set duration_ms = round(extract(epoch from finished_at - started_at) * 1000)';
const ENDED = 'finished_at is not null and duration_ms is null';

/**
 * Slice by slice in the order in which the rows lie, each in a transaction of its own: one statement over all of them kept
 * every job that ended locked until its end, from retention for one. Jobs that end meanwhile have the trigger of v1-0057.
 */
const FILL = `
  do $$
  declare
    pages bigint := pg_relation_size('sync_jobs') / current_setting('block_size')::bigint;
  begin
    for part in 0 .. pages / ${SLICE} loop
      ${SET} where ${ENDED}
        and ctid >= format('(%s,0)', part * ${SLICE})::tid and ctid < format('(%s,0)', (part + 1) * ${SLICE})::tid;
      commit;
    end loop;
  end $$
`;

/** Those that ended before v1-0057. */
export class V10058DurationsOfEndedJobs extends Migration {
  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(FILL);
    // Rows that were updated meanwhile lie behind those slices.
    this.addSql(`${SET} where ${ENDED}`);
  }
}
