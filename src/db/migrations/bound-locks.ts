import { Migration } from '@mikro-orm/migrations';

/**
 * So long a migration waits for a table that is in use, with everybody who comes to it meanwhile waiting behind; then it is
 * undone and tried again (`migrate.ts`).
 */
const LOCK_TIMEOUT = '1s';

type MigrationClass = new (...given: ConstructorParameters<typeof Migration>) => { up(): void } & Migration;

/**
 * The migration with a bound on its locks. One outside of a transaction builds indexes concurrently, which waits without
 * being waited for.
 */
export function boundLocks(Unbounded: MigrationClass): MigrationClass {
  return class extends Migration {
    readonly #unbounded = new Unbounded(this.driver, this.config);

    override isTransactional(): boolean {
      return this.#unbounded.isTransactional();
    }

    override up(): void {
      if (this.isTransactional()) this.addSql(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
      this.#unbounded.up();
      for (const query of this.#unbounded.getQueries()) this.addSql(query);
    }
  };
}
