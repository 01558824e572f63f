import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

describe('npm run sandbox', () => {
  it('prints its address and the App’s settings, and keeps its world when stopped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'));
    const data = join(folder, 'world.json');
    const args = ['sandbox/server.ts', '--port', '0', '--data', data, '--empty', '--life', '0'];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    for await (const chunk of child.stdout) {
      output += String(chunk);
      if (output.includes('END PRIVATE KEY')) break;
    }
    const url = /GITHUB_API_URL=(\S+)/.exec(output)?.[1] ?? '';
    expect((await fetch(`${url}/meta`, { headers: { 'user-agent': 'test' } })).status).toBe(200);
    expect(output).toMatch(
      /GITHUB_APP_ID=424242\nGITHUB_WEBHOOK_SECRET=\S+\nGITHUB_APP_PRIVATE_KEY="-----BEGIN/,
    );
    child.kill('SIGINT');
    const [code]: unknown[] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(await readFile(data, 'utf8')).toContain('"login":"ghost"');
    await rm(folder, { recursive: true });
  });
});
