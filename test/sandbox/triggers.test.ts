import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHarness, type Harness } from './harness.ts';

let github: Harness;

const repo = 'acme/app';

beforeAll(async () => {
  github = await startHarness();
  for (const branch of ['a', 'b', 'c', 'd', 'e']) github.sandbox.control.createBranch({ repo, branch });
});

afterEach(() => github.sandbox.control.clearFaults({}));

afterAll(() => github.close());

async function page(at: number): Promise<string[]> {
  const { body } = await github.get(`/repos/acme/app/branches?per_page=2&page=${at}`);
  return body.map(({ name }: { name: string }) => name);
}

describe('a trigger', () => {
  it('shrinks a list between two of its pages, so that an element is on neither', async () => {
    github.sandbox.control.addTrigger({
      match: '/branches\\?',
      action: 'deleteBranch',
      input: { repo, branch: 'a' },
    });
    expect([await page(1), await page(2), await page(3)]).toEqual([['a', 'b'], ['d', 'e'], ['main']]);
    expect(await page(1)).toEqual(['b', 'c']);
  });

  it('waits for a number of answers, runs once, and not at all if it no longer applies', async () => {
    const { control } = github.sandbox;
    control.addTrigger({ match: '/branches', after: 2, action: 'openIssue', input: { repo } });
    control.addTrigger({
      match: '/branches',
      action: 'deleteBranch',
      input: { repo, branch: 'never-there' },
    });
    const issues = async () => (await github.get('/repos/acme/app/issues')).body.length;
    await page(1);
    expect(await issues()).toBe(0);
    await page(1);
    await page(1);
    expect(await issues()).toBe(1);
  });
});

describe('a host that vanishes', () => {
  it.each(['hang', 'reset'] as const)('answers nothing for a while (%s), then everything', async (kind) => {
    github.sandbox.control.addFault({ action: { kind }, seconds: 0.4 });
    const ask = (signal?: AbortSignal) => fetch(`${github.sandbox.url}/meta`, { ...(signal && { signal }) });
    await expect(ask(AbortSignal.timeout(200))).rejects.toThrow();
    await new Promise((resolve) => setTimeout(resolve, 450));
    expect((await ask()).status).toBe(200);
  });
});
