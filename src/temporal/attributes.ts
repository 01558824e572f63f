import { defineSearchAttributeKey, type SearchAttributePair } from '@temporalio/common';
import type { Trigger } from '../model.ts';
import { searchAttributes } from '../workflows/messages.ts';

const keys = {
  installationId: defineSearchAttributeKey(searchAttributes.installationId, 'KEYWORD'),
  repository: defineSearchAttributeKey(searchAttributes.repository, 'KEYWORD'),
  trigger: defineSearchAttributeKey(searchAttributes.trigger, 'KEYWORD'),
};

/** The search attributes of a run (docs/reference.md, "Temporal"); what is not known is left out. */
export function attributesOf(run: {
  installationId?: number | null;
  repository?: string | null;
  trigger: Trigger;
}): SearchAttributePair[] {
  const pairs: SearchAttributePair[] = [{ key: keys.trigger, value: run.trigger }];
  if (run.installationId != null) {
    pairs.push({ key: keys.installationId, value: String(run.installationId) });
  }
  if (run.repository != null) pairs.push({ key: keys.repository, value: run.repository });
  return pairs;
}
