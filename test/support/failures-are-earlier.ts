/**
 * Moves the times at which elements could not be read: this much earlier, or later if it is negative.
 *
 * @param mirror what runs a statement on the database of the product
 */
export async function failuresAreEarlier(
  mirror: { rows: (statement: string) => Promise<unknown> },
  ms: number,
): Promise<void> {
  const time = `interval '${ms / 1000} seconds'`;
  await mirror.rows(`update comment_count_differences
    set unread_since = unread_since - ${time}, unread_at = unread_at - ${time}`);
  const earlier = `(select jsonb_object_agg(key, to_char((value #>> '{}')::timestamptz at time zone 'utc' - ${time},
      'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) from jsonb_each(element)
    where key in ('met_at', 'first_met_at', 'lacking_since'))`;
  await mirror.rows(`update repository_sync set unread = (
      select jsonb_object_agg(list, (select jsonb_agg(element || ${earlier}) from jsonb_array_elements(elements) element))
      from jsonb_each(unread) as lists(list, elements))
    where unread <> '{}'`);
}
