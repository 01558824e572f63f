/** The GUIDs of deliveries, in order. */
export function guidsOf(deliveries: readonly { guid: string }[]): string[] {
  return deliveries.map(({ guid }) => guid);
}
