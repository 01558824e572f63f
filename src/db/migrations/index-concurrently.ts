/**
 * Statements that build an index while the table is read and written, each to be run outside of a transaction. What an
 * interrupted migration left behind, an index that was not built to its end, goes first.
 *
 * @param on what follows the name of the index: `on commits (repository_id)`
 */
export function createConcurrently(name: string, on: string): string[] {
  return [`drop index concurrently if exists ${name}`, `create index concurrently ${name} ${on}`];
}

/** As `createConcurrently`, in place of the index of that name, which is used until the new one is there. */
export function replaceConcurrently(name: string, on: string): string[] {
  return [
    ...createConcurrently(`${name}_new`, on),
    `drop index concurrently if exists ${name}`,
    `alter index ${name}_new rename to ${name}`,
  ];
}
