/** Saves that run beside the reading of what follows, one after the other. */
interface BackgroundSaves {
  /**
   * Begins a save as soon as the one before has ended.
   * @throws why the one before failed
   */
  begin(save: () => Promise<void>): Promise<void>;
  /** @throws why the last one failed */
  ended(): Promise<void>;
  /** Waits for the last one, whether it fails or not. */
  settled(): Promise<void>;
}

/** Only one is in progress at a time, so at most twice as many rows are held as one saves. */
export function createBackgroundSaves(): BackgroundSaves {
  let last: Promise<void> = Promise.resolve();
  return {
    async begin(save) {
      await last;
      last = save();
      // One that fails while a page is awaited must not count as unhandled.
      last.catch(() => undefined);
    },
    ended: () => last,
    settled: () => last.catch(() => undefined),
  };
}
