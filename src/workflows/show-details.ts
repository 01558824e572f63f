import { setCurrentDetails } from '@temporalio/workflow';

/**
 * Sets what the Web UI shows about a run now (Markdown).
 *
 * @param page the job's page in the dashboard, if its address is known; results of earlier versions lack it
 */
export function showDetails(text: string, page: string | null | undefined): void {
  setCurrentDetails(page == null ? text : `${text}\n\n[Job in the dashboard](${page})`);
}
