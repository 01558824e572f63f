import { defineSearchAttributeKey } from '@temporalio/common';
import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Trigger } from '../model.ts';
import { searchAttributes } from './messages.ts';

const installationKey = defineSearchAttributeKey(searchAttributes.installationId, 'KEYWORD');
const repositoryKey = defineSearchAttributeKey(searchAttributes.repository, 'KEYWORD');
export const triggerKey = defineSearchAttributeKey(searchAttributes.trigger, 'KEYWORD');

/** Makes a run findable that was started by hand, without search attributes. Only where they exist. */
export function labelRun(
  labels: { installationId: number | null; repository?: string },
  trigger: Trigger,
): void {
  const present = workflowInfo().typedSearchAttributes;
  if (present.get(triggerKey) !== undefined) return;
  upsertSearchAttributes([
    { key: triggerKey, value: trigger },
    ...(labels.installationId === null
      ? []
      : [{ key: installationKey, value: String(labels.installationId) }]),
    ...(labels.repository === undefined ? [] : [{ key: repositoryKey, value: labels.repository }]),
  ]);
}
