/** Stops what `global-setup.ts` started, last first. */
export default async function teardown(): Promise<void> {
  for (const undo of (globalThis.undoTestSetup ?? []).toReversed()) await undo();
}
