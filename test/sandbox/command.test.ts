import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';

/** Runs it with flags that end it; gives what it told. */
async function end(flags: string[]): Promise<{ code: unknown; told: string }> {
  const child = spawn(process.execPath, ['sandbox/server.ts', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const [told, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code, told };
}

describe('npm run sandbox', () => {
  it("prints its address and the App's settings, and keeps its world across restarts", async () => {
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

  it('ends when npm is told to stop', async () => {
    const args = ['run', 'sandbox', '--', '--port', '0', '--empty', '--life', '0'];
    const npm = spawn('npm', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    // Ends once nobody can write to it any more, so once the sandbox has ended too.
    for await (const chunk of npm.stdout) {
      if (!output.includes('END PRIVATE KEY') && String(chunk).includes('END PRIVATE KEY'))
        npm.kill('SIGTERM');
      output += String(chunk);
    }
    const url = /GITHUB_API_URL=(\S+)/.exec(output)?.[1] ?? '';
    await expect(fetch(`${url}/meta`)).rejects.toThrow('fetch failed');
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'"],
    [['--port', 'many'], '--port many is no whole number'],
    [['--port', '65536'], '65536'],
  ])('reports in one line what is wrong with %j', async (flags, fault) => {
    const { code, told } = await end(flags);
    expect({ code, lines: told.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(told).toContain(fault);
  });

  it('reports in one line that its port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = z.object({ port: z.number() }).parse(server.address());
    const { code, told } = await end(['--port', String(port), '--empty', '--life', '0']);
    expect({ code, lines: told.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(told).toContain(`127.0.0.1:${port}. Choose another with --port`);
    server.close();
  });
});
