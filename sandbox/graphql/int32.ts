/** GraphQL's `Int` has 32 bits: a `databaseId` beyond them is null, which `fullDatabaseId` is for. */
export function int32(id: number): number | null {
  return id > 0x7fffffff ? null : id;
}
