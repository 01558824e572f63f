import { SyncError } from '../errors.ts';
import type { Readable } from '../model.ts';

/** What an installation's permissions let the App read. None at all known: everything is tried. */
export function readable(permissions: Readonly<Record<string, string>> | null): Readable {
  const none = permissions === null || Object.keys(permissions).length === 0;
  const may = (name: string) => none || permissions[name] !== undefined;
  return { contents: may('contents'), issues: may('issues'), pullRequests: may('pull_requests') };
}

/** The error of a repository of which one kind is left out, or null when all can be read. */
export function deniedKinds(may: Readable): SyncError | null {
  const denied = [
    ...(may.contents ? [] : ['contents']),
    ...(may.issues ? [] : ['issues']),
    ...(may.pullRequests ? [] : ['pull requests']),
  ];
  if (denied.length === 0) return null;
  return new SyncError(
    'PERMISSION_MISSING',
    `the App may not read ${denied.join(' and ')} of this installation`,
  );
}
