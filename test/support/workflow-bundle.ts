import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const WORKFLOWS = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));

/** Bundles the workflows once for the whole run. Workflows that do not bundle fail the tests that need them. */
export async function bundleWorkflows(folder: string): Promise<void> {
  if (!existsSync(WORKFLOWS)) return;
  const failures: string[] = [];
  const note = (message: string): number => failures.push(message);
  const logger = { log() {}, trace() {}, debug() {}, info() {}, warn: note, error: note };
  try {
    const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger });
    const path = join(folder, 'workflow-bundle.js');
    await writeFile(path, code);
    process.env['TEST_WORKFLOW_BUNDLE'] = path;
  } catch (error) {
    process.stderr.write(`The workflows could not be bundled: ${String(error)}\n${failures.join('\n')}\n`);
  }
}
