import type { Installation } from '../../../sandbox/world/types.ts';

/** The permissions by which an installation lets the App read, by GitHub's names. */
export type Permitted = ReadonlySet<string>;

export function permitted({ permissions }: Installation): Permitted {
  return new Set(Object.keys(permissions));
}
