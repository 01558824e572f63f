import type { JobAnswer } from '../support/stack-outside.ts';
import type { Stack } from '../support/stack.ts';
import { temporal } from './run-program.ts';

/** Ends the run of a repository while it waits for GitHub; gives the repository. */
export async function endInTheMiddle(stack: Stack, how: 'cancel' | 'terminate'): Promise<number> {
  const { control, world } = stack.sandbox;
  const id = [...world.state.repositories.keys()].at(how === 'cancel' ? 3 : 4) ?? 0;
  const { id: fault } = control.addFault({ action: { kind: 'hang' }, match: `/repositories/${id}` });
  await stack.post(`/api/sync/repository/${id}/`);
  await stack.until('its job', async () => {
    const path = `/api/sync/jobs/?repository_id=${id}&status=running`;
    return (await stack.get<{ jobs: JobAnswer[] }>(path)).jobs.length > 0;
  });
  await temporal(stack, 'workflow', how, '--workflow-id', `repo-sync/${id}`);
  control.removeFault({ id: fault });
  return id;
}
