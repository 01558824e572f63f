import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { attributesOf, triggerKey } from './search-attributes.ts';

/**
 * Makes a run that was started by hand, without search attributes, searchable. Only if the attributes exist.
 */
export function labelRun(run: Parameters<typeof attributesOf>[0]): void {
  if (workflowInfo().typedSearchAttributes.get(triggerKey) !== undefined) return;
  upsertSearchAttributes(attributesOf(run));
}
