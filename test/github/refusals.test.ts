import { describe, expect, it } from '@jest/globals';
import { entities } from '../../src/entities/index.ts';
import { createRefusals } from '../../src/github/session/refusals.ts';

const FORBIDDEN = 'Resource not accessible by integration';
const all = ['metadata', 'contents', ...entities.flatMap(({ permissions }) => permissions)];

async function judged(path: string, granted: readonly string[]): Promise<string> {
  const refusals = createRefusals({ granted: async () => new Set(granted) });
  return (await refusals.judge(path, FORBIDDEN)).code;
}

const listed = entities.flatMap((entity) =>
  'path' in entity.list ? [{ ...entity, path: `/repositories/7${entity.list.path}` }] : [],
);
const fields = entities.flatMap((entity) =>
  entity.probe.map((probe) => ({ ...entity, path: `/node/${/^\w+/.exec(probe)?.[0] ?? ''}` })),
);

describe('a refusal of a list', () => {
  it.each([...listed, ...fields])(
    'is a missing permission for $name, at $path',
    async ({ path, permissions }) => {
      const others = all.filter((one) => !permissions.some((needed) => needed === one));
      expect(await judged(path, others)).toBe('PERMISSION_MISSING');
      expect(await judged(`${path}/3`, others)).toBe('PERMISSION_MISSING');
    },
  );

  it.each([...listed, ...fields])(
    'may be transient if one permission for $name is granted, at $path',
    async ({ path, permissions }) => {
      for (const one of permissions) expect(await judged(path, [one])).toBe('ACCESS_REFUSED');
    },
  );

  it.each([
    ['/repositories/7/commits', 'contents'],
    ['/repos/acme/app/compare/a...b', 'contents'],
    ['/api/v3/repositories/7/git/ref/heads/main', 'contents'],
    ['/node/pullRequests', 'pull_requests'],
  ])('is a missing permission for what belongs to no kind, at %s', async (path, permission) => {
    expect(await judged(path, ['metadata'])).toBe('PERMISSION_MISSING');
    expect(await judged(path, [permission])).toBe('ACCESS_REFUSED');
  });
  it("may be transient for a pull request's comments, which either of two permissions allows to read", async () => {
    expect(await judged('/repositories/7/issues/3/comments', ['pull_requests'])).toBe('ACCESS_REFUSED');
    expect(await judged('/repositories/7/issues/3', ['pull_requests'])).toBe('PERMISSION_MISSING');
  });

  it.each([
    ['/repos/acme/issues', 'metadata'],
    ['/repos/issues/app', 'metadata'],
    ['/repositories/7/branches/milestones', 'contents'],
    ['/repositories/7/labels/releases', 'issues'],
    ['/repositories/7/git/ref/heads/pulls/comments', 'contents'],
  ])('is not confused by names that look like kinds, at %s', async (path, permission) => {
    expect(await judged(path, [permission])).toBe('ACCESS_REFUSED');
    expect(await judged(path, [])).toBe('PERMISSION_MISSING');
  });
});
