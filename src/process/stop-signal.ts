/**
 * Aborted by the first SIGTERM or SIGINT, with the signal's name as its reason. A second one ends the process at
 * once, as it does without a handler.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => controller.abort(signal));
  return controller.signal;
}
