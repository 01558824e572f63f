import { expect, it } from '@jest/globals';
import { createQueueReader } from '../../src/sync/installation/queue-reader.ts';
import { useMirror } from '../support/use-mirror.ts';

const { mirror, control } = useMirror();

it('hands out what was released while the queue was read', async () => {
  control.createRepository({ owner: 'acme', name: 'other' });
  await mirror.work();
  await mirror.rows("update repository_sync set wanted_at = now(), wanted_mode = 'changes'");
  const { deps, installationId, jobId } = mirror;
  const queue = createQueueReader(deps, {
    installationId,
    jobId,
    owner: 'somebody',
    signal: new AbortController().signal,
    isOver: () => false,
    onProgress: () => undefined,
    onFailed: (error) => expect(error).toBeUndefined(),
  });
  const [one, other] = [await queue.next(), await queue.next()];
  if (one === null || other === null) throw new Error('both are queued');
  await mirror.rows(`update repository_sync set wanted_mode = 'further' where repository_id = ${other.id}`);
  queue.end(one, 'passed');
  const first = queue.next();
  // The queue is being read: it was asked for all but this one.
  queue.end(other, 'compared');
  const given = await Promise.all([first, queue.next()]);
  expect(given).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: other.id, mode: 'backfill' }), null]),
  );
  await queue.close();
});
