import type { WideProbe } from '../../model.ts';

/** The kinds for which GitHub's answer to the wider query differs from the rows. */
export function hourlyKinds(latest: WideProbe | null, applied: WideProbe | null): Set<string> {
  if (latest === null) return new Set();
  const changed = Object.entries(latest.signs).filter(([kind, sign]) => applied?.signs[kind] !== sign);
  return new Set(changed.map(([kind]) => kind));
}
