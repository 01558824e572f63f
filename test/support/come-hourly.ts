/**
 * Makes the hourly query due at the next sweep.
 *
 * @param mirror what runs a statement on the database of the product
 */
export async function comeHourly(mirror: { rows: (statement: string) => Promise<unknown> }): Promise<void> {
  await mirror.rows(
    `update repository_sync set wide_latest = jsonb_set(wide_latest, '{asked_at}', '"2020-01-01T00:00:00Z"')`,
  );
}
