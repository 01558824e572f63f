import { Migration } from '@mikro-orm/migrations';

/** Issues and pull requests of which GitHub counts other comments than it lists. A new, empty table. */
export class V10018CommentCounts extends Migration {
  override up(): void {
    this.addSql(`
      create table comment_count_differences (
        repository_id bigint not null references repositories on delete cascade,
        -- the table of the comments
        kind text not null,
        -- of the issue or pull request
        number int not null,
        -- by GitHub, and live rows here, when its list was last read: read again when either moves
        counted int not null,
        stored int not null,
        primary key (repository_id, kind, number)
      );
    `);
  }
}
