import type { Installation } from '../../../sandbox/world/types.ts';

/** What an installation lets the App see. */
export interface Permitted {
  contents: boolean;
  issues: boolean;
  pulls: boolean;
}

export function permitted({ permissions }: Installation): Permitted {
  return {
    contents: permissions['contents'] !== undefined,
    issues: permissions['issues'] !== undefined,
    pulls: permissions['pull_requests'] !== undefined,
  };
}
