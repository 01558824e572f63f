import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { Trigger } from '../model.ts';

const installationKey = defineSearchAttributeKey('GitHubInstallationId', 'KEYWORD');
const repositoryKey = defineSearchAttributeKey('GitHubRepository', 'KEYWORD');
export const triggerKey = defineSearchAttributeKey('SyncTrigger', 'KEYWORD');

export const searchAttributeNames: readonly string[] = [installationKey, repositoryKey, triggerKey].map(
  ({ name }) => name,
);

/** The search attributes of a run (docs/reference.md, "Temporal"); unknown values are left out. */
export function attributesOf(run: {
  installationId?: number | null;
  repository?: string | null;
  trigger: Trigger;
}): SearchAttributePair[] {
  const pairs: SearchAttributePair[] = [{ key: triggerKey, value: run.trigger }];
  if (run.installationId != null) {
    pairs.push({ key: installationKey, value: String(run.installationId) });
  }
  if (run.repository != null) pairs.push({ key: repositoryKey, value: run.repository });
  return pairs;
}
