import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigurationError, loadConfig, variableNames, type Role } from '../src/config.ts';
import { loadSettings } from '../src/temporal/load-settings.ts';
import { privateKey as pkcs8 } from './support/private-key.ts';

const pkcs1 = createPrivateKey(pkcs8).export({ type: 'pkcs1', format: 'pem' }).toString();

const complete = {
  GITHUB_APP_ID: '12',
  GITHUB_APP_PRIVATE_KEY: pkcs8,
  GITHUB_WEBHOOK_SECRET: 'a secret',
  DATABASE_URL: 'postgres://user@host/database',
};

function faultsOf(role: Role, env: NodeJS.ProcessEnv): string[] {
  try {
    loadConfig(role, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return [...error.faults];
    throw error;
  }
  return [];
}

describe('GITHUB_API_URL', () => {
  it.each([
    ['https://git.example.org/api/v3/', []],
    ['http://127.0.0.1:3000/api/v3', []],
    ['nonsense', ['GITHUB_API_URL: must be an http(s) address']],
    ['git.example.org/api/v3', ['GITHUB_API_URL: must be an http(s) address']],
    ['http://git.example.org/api/v3', [expect.stringMatching(/^GITHUB_API_URL: must be https/)]],
  ])('%s', (url, faults) => {
    expect(faultsOf('worker', { ...complete, GITHUB_API_URL: url })).toEqual(faults);
  });
});

describe('DATABASE_URL', () => {
  it.each([
    'postgres://user:p%2Fw@host:5432/database?sslmode=require',
    'postgresql:///database?host=/var/run/postgresql',
    'postgres://%2Fvar%2Frun%2Fpostgresql/database',
    'postgres://user:p@[::1]:5432/database',
    'postgres://user@host/database?sslmode=verify-full&sslrootcert=package.json',
  ])('may be %s', (DATABASE_URL) => {
    expect(faultsOf('migrate', { DATABASE_URL })).toEqual([]);
  });

  it.each([
    'mysql://user@host/database',
    'postgres://',
    'postgres://user@host',
    'postgres://user@host/',
    'postgres://user:hunter2@host:port/database',
    'postgres://user:hunter2@host:99999/database',
    'postgres://user:hunter2/@host/database',
    'postgres://user:hunter2#@host/database',
    'postgres://user:hunter2%@host/database',
    'postgres://user:hunter2@host/%zz',
  ])('is reported as a fault if it cannot be parsed, without its content: %s', (DATABASE_URL) => {
    const faults = faultsOf('migrate', { DATABASE_URL });
    expect(faults).toEqual([expect.stringMatching(/^DATABASE_URL: must look like/)]);
    expect(faults.join('')).not.toContain('hunter2');
  });
});

describe('the parameters of DATABASE_URL', () => {
  it.each([
    ['sslmode=on', 'sslmode=on is none of disable, allow, prefer, require, verify-ca and verify-full'],
    ['sslmode=verify-ca', expect.stringMatching(/^sslmode=verify-ca needs sslrootcert/)],
    ['sslmode=verify-full&sslrootcert=/no/such.pem', 'sslrootcert: cannot read /no/such.pem'],
    ['sslmode=require&sslcert=/no/such.pem', 'sslcert: cannot read /no/such.pem'],
  ])('%s are a fault of it', (parameters, fault) => {
    const DATABASE_URL = `postgres://user:hunter2@host/database?${parameters}`;
    try {
      loadConfig('migrate', { DATABASE_URL });
      throw new Error('it was taken');
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      expect(error.faults.map((one) => one.replace('DATABASE_URL: ', ''))).toEqual([fault]);
    }
  });
});

describe('HOST', () => {
  it.each([
    ['::1', '::1'],
    ['[::1]', '::1'],
    ['127.0.0.1', '127.0.0.1'],
  ])('is read from %s as %s', (HOST, host) => {
    expect(loadConfig('api', { ...complete, HOST }).HOST).toBe(host);
  });
});

describe('a value that would fail only later', () => {
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each([
    ['GITHUB_APP_PRIVATE_KEY', ec.export({ type: 'pkcs8', format: 'pem' }).toString()],
    ['GITHUB_APP_ID', '0x10'],
    ['GITHUB_APP_ID', '0'],
    ['GITHUB_APP_ID', '12345678901234567890'],
    ['GITHUB_API_URL', 'https://user:password@git.example.org/api/v3'],
    ['GITHUB_API_URL', 'https://git.example.org/api/v3?page=1'],
    ['PORT', '1e3'],
    ['METRICS_PORT', '65536'],
    ['SYNC_API_TOKEN', 'a blank at the end '],
    ['SYNC_API_TOKEN', 'a line at the end\n'],
    ['SYNC_API_TOKEN', 'sechzehn-zeichen-für-uns'],
    ['SYNC_INTERVAL', '999999999d'],
    ['SYNC_FRESH_FOR', '2y'],
    ['SYNC_VERIFY_INTERVAL', '367d'],
    ['SYNC_DELIVERY_LOG_INTERVAL', '30d'],
    ['RETENTION_DELIVERIES', '1000y'],
    ['RETENTION_JOBS', '99999999y'],
  ])('is a fault of %s: %s', (name, value) => {
    expect(faultsOf('api', { ...complete, [name]: value })).toEqual([expect.stringMatching(`^${name}: `)]);
  });
});

describe('the private key', () => {
  it.each([
    ['PKCS#8', pkcs8],
    ['PKCS#1', pkcs1],
    [String.raw`PEM with \n escapes`, pkcs1.replaceAll('\n', String.raw`\n`)],
    ['base64 of a PEM', Buffer.from(pkcs1).toString('base64')],
    ['PEM with blanks around', `\n ${pkcs8} \n`],
  ])('may be %s', (_what, key) => {
    const config = loadConfig('api', { ...complete, GITHUB_APP_PRIVATE_KEY: key });
    expect(config.GITHUB_APP_PRIVATE_KEY).toBe(pkcs8);
  });

  it('may be in a file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-test-')), 'key.pem');
    writeFileSync(file, pkcs1);
    const { GITHUB_APP_PRIVATE_KEY: _key, ...others } = complete;
    const config = loadConfig('worker', { ...others, GITHUB_APP_PRIVATE_KEY_FILE: file });
    expect(config.GITHUB_APP_PRIVATE_KEY).toBe(pkcs8);
  });

  it('is never part of a fault', () => {
    const [fault] = faultsOf('api', { ...complete, GITHUB_APP_PRIVATE_KEY: 'hunter2 hunter2' });
    expect(fault).toContain('GITHUB_APP_PRIVATE_KEY');
    expect(fault).not.toContain('hunter2');
  });
});

describe('faults', () => {
  it('are all reported at once, one line each, with what to do', () => {
    const faults = faultsOf('api', { PORT: 'http', SYNC_INTERVAL: 'often', SYNC_API_TOKEN: 'short' });
    expect(faults.map((fault) => fault.split(':')[0])).toEqual([
      'GITHUB_APP_ID',
      'GITHUB_APP_PRIVATE_KEY',
      'GITHUB_WEBHOOK_SECRET',
      'DATABASE_URL',
      'PORT',
      'SYNC_API_TOKEN',
      'SYNC_INTERVAL',
    ]);
  });

  it('include an unreadable key file, once', () => {
    const { GITHUB_APP_PRIVATE_KEY: _key, ...others } = complete;
    expect(faultsOf('api', { ...others, GITHUB_APP_PRIVATE_KEY_FILE: '/no/such.pem' })).toEqual([
      'GITHUB_APP_PRIVATE_KEY_FILE: cannot read /no/such.pem',
    ]);
  });

  it('include a misspelt setting', () => {
    expect(faultsOf('worker', { ...complete, SYNC_INTERVALL: '1m', GITHUB_ACTIONS: 'true' })).toEqual([
      'SYNC_INTERVALL: unknown setting; see .env.example',
    ]);
  });

  it('include a kind that cannot be skipped', () => {
    expect(faultsOf('worker', { ...complete, SYNC_SKIP: 'labels, issues,label' })).toEqual([
      expect.stringMatching(/^SYNC_SKIP: "issues" is not a kind that can be skipped; these are: labels, /),
      expect.stringMatching(/^SYNC_SKIP: "label" is not a kind/),
    ]);
  });

  it('include those of the Temporal settings', () => {
    const env = { ...complete, PORT: '-1', TEMPORAL_TLS_CLIENT_CERT_PATH: '/no/such.pem' };
    expect(() => loadSettings('api', env)).toThrow(
      /PORT: [^]*TEMPORAL_TLS_CLIENT_CERT_PATH: cannot read \/no\/such\.pem/,
    );
  });
});

describe('the API without a token', () => {
  it.each(['127.0.0.1', '127.0.0.2', 'localhost', '::1'])('may listen on %s', (HOST) => {
    expect(faultsOf('api', { ...complete, HOST })).toEqual([]);
  });

  it.each(['0.0.0.0', '::', '192.168.1.7', 'localhost.example.com'])('may not listen on %s', (HOST) => {
    expect(faultsOf('api', { ...complete, HOST })).toEqual([expect.stringContaining('SYNC_API_TOKEN')]);
    expect(faultsOf('api', { ...complete, HOST, SYNC_API_TOKEN: 'a long enough token' })).toEqual([]);
  });
});

describe('values', () => {
  it('have the defaults of the README', () => {
    expect(loadConfig('api', { ...complete, PORT: '' })).toMatchObject({
      GITHUB_API_URL: 'https://api.github.com',
      HOST: '127.0.0.1',
      PORT: 8000,
      SYNC_INTERVAL: 900_000,
      SYNC_FRESH_FOR: 600_000,
      SYNC_VERIFY_INTERVAL: 86_400_000,
      LOG_LEVEL: 'info',
    });
    expect(
      loadSettings('api', { ...complete, TEMPORAL_CONFIG_FILE: '/no/such.toml' }).temporal,
    ).toMatchObject({
      connectionOptions: { address: '127.0.0.1:7233' },
      namespace: 'default',
    });
  });

  it('may name several webhook secrets', () => {
    const config = loadConfig('api', { ...complete, GITHUB_WEBHOOK_SECRET: 'new one, old one,' });
    expect(config.GITHUB_WEBHOOK_SECRET).toEqual(['new one', 'old one']);
  });

  it('may keep deliveries for eight days, and no less', () => {
    const config = loadConfig('worker', { ...complete, RETENTION_DELIVERIES: '8d' });
    expect(config).toMatchObject({ RETENTION_DELIVERIES: 8 * 86_400_000, RETENTION_JOBS: 90 * 86_400_000 });
    expect(faultsOf('worker', { ...complete, RETENTION_DELIVERIES: '7d', RETENTION_JOB: '1d' })).toEqual([
      'RETENTION_JOB: unknown setting; see .env.example',
      'RETENTION_DELIVERIES: "7d" is too short: it must be at least 8d',
    ]);
  });

  it('may name origins as browsers send them, and nothing else', () => {
    const { SYNC_ALLOWED_ORIGINS: origins } = loadConfig('api', {
      ...complete,
      SYNC_ALLOWED_ORIGINS: 'https://team.example.com, http://localhost:5173',
    });
    expect(origins).toEqual(['https://team.example.com', 'http://localhost:5173']);
    for (const odd of [
      '*',
      'null',
      'https://a.example/',
      'https://a.example/path',
      'a.example',
      'HTTPS://A.example',
    ]) {
      expect(faultsOf('api', { ...complete, SYNC_ALLOWED_ORIGINS: odd })).toEqual([
        expect.stringContaining('SYNC_ALLOWED_ORIGINS: '),
      ]);
    }
  });

  it('may skip no repository', () => {
    expect(loadConfig('worker', { ...complete, SYNC_FRESH_FOR: '0s' }).SYNC_FRESH_FOR).toBe(0);
  });
});

it('names every variable in .env.example', () => {
  const example = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const named = new Set([...example.matchAll(/^([A-Z_]+)=/gm)].map(([, name]) => name));
  expect(named).toEqual(new Set([...variableNames, 'TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE']));
});
