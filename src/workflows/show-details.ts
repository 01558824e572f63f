import { setCurrentDetails } from '@temporalio/workflow';

/**
 * What the Web UI shows of a run now (Markdown).
 *
 * @param page the job's page of the dashboard, where its address is known; results of earlier versions lack it
 */
export function showDetails(text: string, page: string | null | undefined): void {
  setCurrentDetails(page == null ? text : `${text}\n\n[Its job in the dashboard](${page})`);
}
