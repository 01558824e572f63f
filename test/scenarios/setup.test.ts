import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { createSetupSession } from '../../src/setup/setup-session.ts';
import { launchBrowser, openScreen } from '../dashboard/browser.ts';
import { compareMirror } from '../support/mirror-comparison.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { formIn, submit } from './browse.ts';
import { runProgram } from './run-program.ts';
import { runDoctor, summary } from './run-doctor.ts';

const SETUP = fileURLToPath(new URL('../../src/commands/setup.ts', import.meta.url));

let stack: Stack;
const folder = mkdtempSync(join(tmpdir(), 'setup-scenario-'));
beforeAll(async () => {
  stack = await startStack({
    apis: 0,
    workers: 0,
    sandbox: { populate: (world) => seedWorld(world, { scale: 0.01 }) },
  });
});
afterAll(async () => {
  await stack.close();
  rmSync(folder, { recursive: true, force: true });
});

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Runs `npm run setup` until it says where its page is. */
const open = (...flags: string[]) => openIn(folder, ...flags);

async function openIn(cwd: string, ...flags: string[]) {
  const child = spawn(process.execPath, [SETUP, '--github', stack.sandbox.address, '--port', '0', ...flags], {
    cwd,
    env: { PATH: process.env['PATH'] },
    stdio: 'pipe',
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close').then(() => ({ code: child.exitCode, output }));
  const url = await stack.until('the page', async () => /http:\S+\/setup/.exec(output)?.[0]);
  return { url, ended, child };
}

const env = () => parseEnv(readFileSync(join(folder, '.env'), 'utf8'));

describe('npm run setup', () => {
  it('creates an App that mirrors an installation without a public address', async () => {
    const { url, ended } = await open();
    const browser = await launchBrowser();
    const { page, complaints, axe, overflow } = await openScreen(browser, url);
    await page.goto(url);
    expect(await axe()).toEqual([]);
    // On a phone in the dark, by keyboard, to the other form, which says what it cannot take.
    await page.setViewportSize({ width: 390, height: 844 });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.getByText('Connect an existing App').focus();
    await page.keyboard.press('Enter');
    await page.getByLabel('App ID').fill('12');
    await page.getByLabel('Private key').fill('not a key');
    expect([await axe(), await overflow()]).toEqual([[], 0]);
    await page.getByRole('button', { name: 'Check and connect' }).click();
    await page.getByRole('alert').filter({ hasText: 'paste the whole .pem file' }).waitFor();
    expect([await axe(), await overflow()]).toEqual([[], 0]);
    expect(await page.getByLabel('App ID').inputValue()).toBe('12');
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByLabel('Organisation').fill('octo-sandbox');
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('button', { name: 'Go to' }).click();
    expect(page.url()).toMatch(/\/organizations\/octo-sandbox\/settings\/apps\/new\?state=\w{48}$/);
    // Somebody else's state is refused, and writes nothing.
    const foreign = await fetch(`${url}/done?state=of-another&code=of-another`);
    expect([foreign.status, await foreign.text()]).toEqual([
      400,
      expect.stringContaining('was not started here'),
    ]);
    expect(readdirSync(folder)).toEqual([]);
    await page.getByRole('button', { name: 'Create GitHub App' }).click();
    await page.getByText('The App is set up').waitFor();
    expect(await axe()).toEqual([]);
    const shown = await page.content();
    const install = page.getByRole('link', { name: /installations\/new$/ });
    expect(await ended).toMatchObject({ code: 0, output: expect.stringContaining('Written to .env') });
    const { app } = stack.sandbox.world.state;
    const keyFile = `github-app-${app.id}.pem`;
    for (const name of ['.env', keyFile]) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, '.env'), 'utf8')).not.toContain('PRIVATE KEY');
    expect(env()).toMatchObject({
      GITHUB_APP_ID: String(app.id),
      GITHUB_APP_PRIVATE_KEY_FILE: `./${keyFile}`,
      GITHUB_APP_SLUG: app.slug,
      GITHUB_WEBHOOK_SECRET: app.hook.secret,
      GITHUB_API_URL: stack.sandbox.url,
      SYNC_DELIVERY_LOG_INTERVAL: '10s',
    });
    expect([shown, (await ended).output].filter((text) => text.includes(app.hook.secret ?? '-'))).toEqual([]);

    for (const name of Object.keys(stack.env)) if (name.startsWith('GITHUB_')) delete stack.env[name];
    Object.assign(stack.env, env(), {
      // As docker compose takes it: from the folder of .env.
      GITHUB_APP_PRIVATE_KEY_FILE: resolve(folder, env()['GITHUB_APP_PRIVATE_KEY_FILE'] ?? ''),
      SYNC_DELIVERY_LOG_INTERVAL: '1s',
    });
    await Promise.all([stack.start('api'), stack.start('worker')]);
    await install.click();
    await page.getByRole('button', { name: 'Install on octo-sandbox' }).click();
    await page.getByText('is installed on octo-sandbox').waitFor();
    expect(complaints).toEqual([]);
    await browser.close();
    await stack.until(
      'the import',
      async () => {
        const jobs = await stack.query(
          `select 1 from sync_jobs where job_type = 'installation_import' and status = 'completed'`,
        );
        return jobs.length > 0;
      },
      120_000,
    );
    await stack.quiet();
    expect(await compareMirror(stack.sandbox, stack.query)).toEqual([]);
    const { odd, checks } = await runDoctor(stack, folder, {}, []);
    expect(summary(odd)).toEqual([]);
    expect(summary(checks)).toContainEqual(
      expect.stringMatching(/^ok deliveries: read from the App's delivery log/),
    );
  }, 240_000);

  it('changes no existing setting without asking, nor if GitHub refuses', async () => {
    const before = readFileSync(join(folder, '.env'), 'utf8');
    const flags = ['-C', folder, process.execPath, SETUP, '--github', stack.sandbox.address];
    expect(await runProgram('env', flags, {})).toMatchObject({
      code: 1,
      output: expect.stringContaining('.env already contains an App (GITHUB_APP_ID)'),
    });
    writeFileSync(join(folder, 'app.pem'), stack.sandbox.world.state.app.privateKey);
    const files = readdirSync(folder).toSorted();
    const existing = [...flags, '--private-key-file', 'app.pem', '--app-id'];
    expect(await runProgram('env', [...existing, '77'], {})).toMatchObject({
      code: 1,
      output: expect.stringContaining('Nothing was changed; to replace them: --replace'),
    });
    expect(await runProgram('env', [...existing, '77', '--replace'], {})).toMatchObject({
      code: 1,
      output: expect.stringContaining('GitHub does not know App 77'),
    });
    const { url } = await open('--replace');
    const form = formIn(await (await fetch(url)).text(), 'Create a new App');
    for (const [fields, says] of [
      [{ organization: 'not a login' }, 'the login of an organisation'],
      [{ github: 'http://github.acme.com' }, 'not the address of a GitHub server'],
      [{}, 'tick “Replace”'],
    ] as const) {
      const answer = await submit(url, form, fields);
      expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(says)]);
    }
    const begun = formIn(await (await submit(url, form, { replace: 'yes' })).text(), 'Go to');
    const state = new URL(begun.action).searchParams.get('state') ?? '';
    const wrong = await fetch(`${url}/done?state=${state}&code=0123456789abcdef`);
    expect([wrong.status, await wrong.text()]).toEqual([
      400,
      expect.stringContaining('does not know this code'),
    ]);
    const foreign = await fetch(url, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(401);
    expect(readFileSync(join(folder, '.env'), 'utf8')).toBe(before);
    expect(readdirSync(folder).toSorted()).toEqual(files);
  });

  it('connects an existing App, and creates and sets a secret if none is given', async () => {
    const { app } = stack.sandbox.world.state;
    const former = app.hook.secret;
    const flags = ['-C', folder, process.execPath, SETUP, '--github', stack.sandbox.address, '--replace'];
    const own = ['--app-id', String(app.id), '--private-key-file', 'app.pem'];
    const { code } = await runProgram(
      'env',
      [...flags, ...own, '--public-url', 'https://mirror.example.com/'],
      {},
    );
    expect(code).toBe(0);
    expect(app.hook.secret).not.toBe(former);
    expect(app.hook.url).toBe('https://mirror.example.com/api/github/webhook/');
    expect(env()).toMatchObject({
      GITHUB_WEBHOOK_SECRET: app.hook.secret,
      GITHUB_WEBHOOK_URL: app.hook.url,
      SYNC_DELIVERY_LOG_INTERVAL: '10s',
    });
  });

  it('keeps credentials that GitHub shows only once until they can be written', async () => {
    const gone = mkdtempSync(join(tmpdir(), 'setup-gone-'));
    const session = createSetupSession(gone);
    const app = { name: 'Once told', organization: null, publicUrl: null, replace: false };
    const begun = session.begin({ ...app, apiUrl: stack.sandbox.url }, 'http://127.0.0.1:9/setup/done');
    const { action, manifest } = begun;
    const confirm = await submit(action, { action, fields: { manifest } }, {});
    const back = await submit(action, formIn(await confirm.text(), 'Create GitHub App'), {});
    const { searchParams } = new URL(back.headers.get('location') ?? '');
    const [state, code] = [searchParams.get('state') ?? '', searchParams.get('code') ?? ''];
    rmSync(gone, { recursive: true });
    await expect(session.finish(state, code)).rejects.toThrow('cannot be written');
    expect(() => session.retry(state)).toThrow('cannot be written');
    mkdirSync(gone);
    session.retry(state);
    expect(parseEnv(readFileSync(join(gone, '.env'), 'utf8'))).toMatchObject({
      GITHUB_APP_SLUG: 'once-told',
    });
    // The last page, loaded again, is the last page; nothing is written a second time.
    rmSync(join(gone, '.env'));
    expect(await session.finish(state, code)).toMatchObject({ values: { GITHUB_APP_SLUG: 'once-told' } });
    expect(readdirSync(gone)).not.toContain('.env');
    rmSync(gone, { recursive: true });
  });

  it('leaves nothing behind wherever it is killed, and can be started again', async () => {
    const place = mkdtempSync(join(tmpdir(), 'setup-killed-'));
    let apps = 0;
    const steps = {
      opened: async (_url: string) => undefined,
      begun: async (url: string) => {
        const choice = formIn(await (await fetch(url)).text(), 'Create a new App');
        const answer = await submit(url, choice, { name: `Killed ${(apps += 1)}` });
        return formIn(await answer.text(), 'Go to');
      },
      made: async (url: string) => {
        const begun = await steps.begun(url);
        const confirm = await submit(begun.action, begun, {});
        const back = await submit(begun.action, formIn(await confirm.text(), 'Create GitHub App'), {});
        return back.headers.get('location') ?? '';
      },
    };
    let returned = '';
    for (const step of Object.values(steps)) {
      const { url, child } = await openIn(place);
      const reached = await step(url);
      child.kill('SIGKILL');
      await once(child, 'close');
      if (typeof reached === 'string') returned = new URL(reached).search;
      expect(readdirSync(place)).toEqual([]);
    }
    // Who comes back from GitHub to a set-up that was begun again is told so.
    const { url, ended } = await openIn(place);
    const late = await fetch(`${url}/done${returned}`);
    expect([late.status, await late.text()]).toEqual([
      400,
      expect.stringMatching(/was not started here.*can be deleted at GitHub, or connected/s),
    ]);
    expect(readdirSync(place)).toEqual([]);
    expect((await fetch(await steps.made(url))).status).toBe(200);
    expect(await ended).toMatchObject({ code: 0 });
    expect(readdirSync(place).toSorted()).toEqual(['.env', expect.stringMatching(/^github-app-\d+\.pem$/)]);
    rmSync(place, { recursive: true });
  });
});
