/**
 * What was there before triggers that maintain a table, slice by slice, each in a transaction with the table to itself, so that
 * nobody writes by what the other one does not see yet. Whoever writes meanwhile waits for a slice at most, and the slice steps
 * back from one who takes longer. Runs outside of a transaction.
 *
 * @param ids the query for the ids of a slice: those after `last`
 * @param write the function that writes the rows of an array of ids
 */
export function fillBySlice({ table, ids, write }: { table: string; ids: string; write: string }): string {
  return `
  do $$
  declare
    ids bigint[];
    last bigint := 0;
    locked boolean;
  begin
    loop
      ids := array(${ids});
      exit when cardinality(ids) = 0;
      perform set_config('lock_timeout', '240ms', true);
      begin
        lock table ${table} in share row exclusive mode;
        locked := true;
      exception when lock_not_available or deadlock_detected then
        locked := false;
      end;
      if locked then
        perform ${write}(ids);
        last := ids[cardinality(ids)];
      end if;
      commit;
      if not locked then
        perform pg_sleep(0.1);
      end if;
    end loop;
  end $$
`;
}
