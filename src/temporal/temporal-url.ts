/** Where the Temporal Web UI shows a run, or null if the UI's address is not configured (`TEMPORAL_UI_URL`). */
export function temporalUrl(
  ui: { url: string | undefined; namespace: string },
  run: { workflow_id: string; run_id: string },
): string | null {
  if (ui.url === undefined) return null;
  const part = encodeURIComponent;
  return `${ui.url}/namespaces/${part(ui.namespace)}/workflows/${part(run.workflow_id)}/${part(run.run_id)}`;
}
