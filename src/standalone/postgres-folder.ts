import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sharedFolder, type ServerUser } from './postgres-program.ts';

export interface DataFolder {
  path: string;
  user: ServerUser | undefined;
}

/**
 * Creates or opens a cluster's folder so that `user` (nobody, if we are root) can work in it. If a parent
 * folder is closed to that user, such as a checkout in /root, a link takes its place and the data is kept where
 * the user has access.
 */
export function openDataFolder(dataDir: string, user: ServerUser | undefined): DataFolder {
  const place = resolve(dataDir);
  if (!exists(place)) mkdirSync(place, { recursive: true, mode: 0o700 });
  if (user === undefined) return { path: place, user };
  if (isLink(place) && !belongsTo(place)) {
    rmSync(place);
    mkdirSync(place);
  }
  const path = realpathSync(place);
  const owner = statSync(path);
  // A cluster that an ordinary user created here keeps that user.
  const owned = owner.uid !== 0 && existsSync(join(path, 'cluster'));
  const as = owned ? { uid: owner.uid, gid: owner.gid } : user;
  if (!owned) chownSync(path, as.uid, as.gid);
  chmodSync(path, 0o700);
  if (canEnter(path, as)) return { path, user: as };

  const elsewhere = mkdtempSync(join(sharedFolder(), 'data-'));
  writeFileSync(join(elsewhere, 'owner'), place);
  chownSync(elsewhere, as.uid, as.gid);
  rmSync(place, { recursive: true });
  symlinkSync(elsewhere, place);
  return { path: elsewhere, user: as };
}

function canEnter(path: string, user: ServerUser): boolean {
  return spawnSync('test', ['-x', path], { cwd: '/', ...user }).status === 0;
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function isLink(path: string): boolean {
  return lstatSync(path).isSymbolicLink();
}

// A copied checkout contains the link too, but must not use the other checkout's data.
function belongsTo(place: string): boolean {
  const owner = join(place, 'owner');
  return existsSync(owner) && readFileSync(owner, 'utf8') === place;
}
