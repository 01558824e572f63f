import { readFileSync } from 'node:fs';

export interface MirrorSize {
  /** 1: 1,000,000 commits and deliveries, 200,000 issues, 100,000 pull requests, 300,000 jobs */
  scale: number;
  repositories: number;
  installations: number;
}

/** The statements that fill a new database with the required kinds, on any schema. */
export function fullMirror(size: MirrorSize): string {
  return read('full-mirror.sql', size);
}

/** The statements that add, to what `fullMirror` made, for each pull request three reviews, five comments and a conversation. */
export function fullMirrorReviews(size: MirrorSize): string {
  return read('full-mirror-reviews.sql', size);
}

function read(name: string, { scale, repositories, installations }: MirrorSize): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
    .replaceAll(':scale', String(scale))
    .replaceAll(':repositories', String(repositories))
    .replaceAll(':installations', String(installations));
}
