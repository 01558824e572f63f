import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  assertWritable,
  conflictsIn,
  EnvFileError,
  withPrivateFile,
  writeEnvFile,
} from '../../src/setup/env-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-file-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = () => readFileSync(join(folder, '.env'), 'utf8');
const put = (content: string) => writeFileSync(join(folder, '.env'), content, { mode: 0o644 });

const key = '-----BEGIN RSA PRIVATE KEY-----\nabc+/=\n-----END RSA PRIVATE KEY-----\n';

function refuse(): never {
  throw new EnvFileError('no room');
}

describe('writeEnvFile', () => {
  it('creates a file that only its user may read, and that Node reads back', () => {
    const odd = `it's "odd" #1 $HOME`;
    writeEnvFile(folder, { GITHUB_APP_ID: '12', GITHUB_APP_PRIVATE_KEY: key, A: odd, B: `"quoted" #` });
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
    const read = parseEnv(text());
    expect(read).toMatchObject({ GITHUB_APP_ID: '12', A: odd, B: `"quoted" #` });
    expect(read['GITHUB_APP_PRIVATE_KEY']?.replaceAll(String.raw`\n`, '\n')).toBe(key.trim());
    expect(readdirSync(folder)).toEqual(['.env']);
  });

  it('keeps every other line, fills empty settings in place, and makes the file private', () => {
    put(
      `# mine\nGITHUB_APP_ID=\nexport LOG_LEVEL=debug\nKEY="first\nGITHUB_APP_ID=of the key\nlast"\nOLD='gone\nfor good'\n\n# end`,
    );
    writeEnvFile(folder, { GITHUB_APP_ID: '12', OLD: '', NEW: 'x' });
    expect(text()).toBe(
      `# mine\nGITHUB_APP_ID=12\nexport LOG_LEVEL=debug\nKEY="first\nGITHUB_APP_ID=of the key\nlast"\n\n# end\nNEW=x\n`,
    );
    expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  });

  it('restores the private file if the rest cannot be written', () => {
    expect(() => withPrivateFile(folder, 'app.pem', key, refuse)).toThrow('no room');
    expect(readdirSync(folder)).toEqual([]);
    withPrivateFile(folder, 'app.pem', key, () => writeEnvFile(folder, { A: 'b' }));
    expect(() => withPrivateFile(folder, 'app.pem', key, refuse)).toThrow('no room');
    expect(readdirSync(folder).toSorted()).toEqual(['.env', 'app.pem']);
    expect(statSync(join(folder, 'app.pem')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'app.pem'), 'utf8')).toBe(key);
  });

  it('removes what a process left that was killed while writing, and no other file', () => {
    const minutesAgo = new Date(Date.now() - 120_000);
    for (const name of ['.env.0123456789ab', '.env.example', '.env.local']) {
      writeFileSync(join(folder, name), 'SECRET=1');
      utimesSync(join(folder, name), minutesAgo, minutesAgo);
    }
    writeFileSync(join(folder, '.env.ba9876543210'), 'being written now');
    assertWritable(folder);
    expect(readdirSync(folder).toSorted()).toEqual(['.env.ba9876543210', '.env.example', '.env.local']);
  });

  it('changes nothing if it cannot write', () => {
    // Not even root writes there.
    expect(() => writeEnvFile('/proc', { A: 'b' })).toThrow(EnvFileError);
    expect(() => assertWritable('/proc')).toThrow(/\/proc\/\.env cannot be written/);
    expect(() => assertWritable(join(folder, 'no', 'such'))).toThrow(EnvFileError);
    assertWritable(folder);
    expect(existsSync(join(folder, '.env'))).toBe(false);
  });
});

it('finds settings with another value, not empty or equal ones', () => {
  expect(conflictsIn(folder, { A: 'a' })).toEqual([]);
  put('A=a\nB=\nC=c\n');
  expect(conflictsIn(folder, { A: 'a', B: 'b', C: 'other', D: 'd' })).toEqual(['C']);
});
