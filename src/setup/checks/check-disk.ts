import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { fault, ok, type Finding } from '../finding.ts';

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
/** PostgreSQL's write-ahead log alone takes up to a gigabyte (`max_wal_size`). */
const LEAST = 2 * GIB;

/** Free space for what `npm start` keeps in its folder; nothing to check without that folder. */
export async function checkDisk(folder: string, leastBytes = LEAST): Promise<Finding[]> {
  if (!existsSync(folder)) return [];
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const room = free < GIB ? `${Math.floor(free / MIB)} MiB` : `${(free / GIB).toFixed(1)} GiB`;
  const shown = `${room} free for ${folder}`;
  if (free >= leastBytes) return [ok('disk', shown)];
  return [
    fault('disk', {
      message: `${shown}.`,
      why: 'When the disk is full PostgreSQL stops, and deliveries get 503.',
      advice: 'Free some space, or shorten RETENTION_DELIVERIES or RETENTION_JOBS.',
    }),
  ];
}
