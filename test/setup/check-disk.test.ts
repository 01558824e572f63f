import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { checkDisk } from '../../src/setup/checks/check-disk.ts';

it('reports the space left for the data of npm start, and whether it is too little', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'check-disk-'));
  const data = join(folder, '.data');
  try {
    expect(await checkDisk(data)).toEqual([]);
    await mkdir(data);
    const shown = expect.stringMatching(/^\d+\.\d GiB free for .+\.data/);
    expect(await checkDisk(data, 0)).toMatchObject([{ check: 'disk', status: 'ok', message: shown }]);
    expect(await checkDisk(data, Infinity)).toMatchObject([
      { check: 'disk', status: 'fault', message: shown, advice: expect.stringContaining('RETENTION_') },
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
