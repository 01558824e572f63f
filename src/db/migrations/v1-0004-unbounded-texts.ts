import { Migration } from '@mikro-orm/migrations';

/**
 * Texts of any length: an index entry holds 2,704 bytes, git's addresses have no bound. Long addresses are in a table of
 * their own below `contributor_emails`, found by a digest; older processes go on with the key of the parent (decision
 * 11). Logins and names of repositories are found by digests, too.
 */
export class V10004UnboundedTexts extends Migration {
  override up(): void {
    this.addSql(`
      create table contributor_emails_long (
        check (octet_length(email) > 2000),
        foreign key (contributor_id) references contributors on delete cascade
      ) inherits (contributor_emails);
      create unique index contributor_emails_long_digest on contributor_emails_long (md5(email));
      create index contributor_emails_long_contributor_id on contributor_emails_long (contributor_id);

      create index contributors_login_digest on contributors (md5(lower(login)));
      drop index contributors_login;
      create index repositories_full_name_digest on repositories (md5(lower(full_name)));
      drop index repositories_full_name;
    `);
  }
}
