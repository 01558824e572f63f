import type { JobAnswer } from '../support/stack-outside.ts';
import type { Stack } from '../support/stack.ts';
import { temporal } from './run-program.ts';

/** Ends the run of a repository while it waits for GitHub, who does not answer before; gives its job as it ended. */
export async function endInTheMiddle(stack: Stack, how: 'cancel' | 'terminate'): Promise<JobAnswer> {
  const { control, world } = stack.sandbox;
  const id = [...world.state.repositories.keys()].at(how === 'cancel' ? 3 : 4) ?? 0;
  const { id: fault } = control.addFault({ action: { kind: 'hang' }, match: `/repositories/${id}` });
  await stack.post(`/api/sync/repository/${id}/`);
  const begun = await stack.until('its job', async () => {
    const path = `/api/sync/jobs/?repository_id=${id}&status=running`;
    return (await stack.get<{ jobs: JobAnswer[] }>(path)).jobs[0];
  });
  await temporal(stack, 'workflow', how, '--workflow-id', `repo-sync/${id}`);
  const ended = await stack.until('the end of its job', async () => {
    const job = await stack.get<JobAnswer>(`/api/sync/jobs/${begun.id}/`);
    return job.status === 'running' ? undefined : job;
  });
  control.removeFault({ id: fault });
  return ended;
}
