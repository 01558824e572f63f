import { upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { attributesOf, triggerKey } from './search-attributes.ts';

/** Makes a run findable that was started by hand, without search attributes. Only where they exist. */
export function labelRun(run: Parameters<typeof attributesOf>[0]): void {
  if (workflowInfo().typedSearchAttributes.get(triggerKey) !== undefined) return;
  upsertSearchAttributes(attributesOf(run));
}
