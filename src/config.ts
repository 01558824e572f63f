import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import ms, { type StringValue } from 'ms';
import { z } from 'zod';
import { databaseAddress } from './database-address.ts';
import { furtherKinds } from './entities/index.ts';
import { isLoopbackName } from './loopback.ts';

/** What a process needs from its environment. The only file that knows the variables' names. */
export type Role = 'api' | 'worker' | 'migrate' | 'sync';

/** Every fault in the environment at once, one per line, each with what to do. */
export class ConfigurationError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`Configuration:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}

const DAY_MS = 24 * 3_600_000;
// Longer durations overflow the clocks of Temporal and PostgreSQL (a sweep may take eight periods: 292 years in
// nanoseconds), and no mirror is kept that long.
const YEAR_MS = 366 * DAY_MS;

/** A number and a unit; `ms` itself decides whether the unit exists. */
function isDuration(text: string): text is StringValue {
  return /^\d+(\.\d+)?\s*[a-z]+$/i.test(text);
}

interface Bounds {
  leastMs?: number;
  mostMs?: number;
}

const duration = (fallback: StringValue, { leastMs = 0, mostMs = YEAR_MS }: Bounds = {}) =>
  z
    .string()
    .default(fallback)
    .transform((text, context) => {
      const value = isDuration(text) ? ms(text) : undefined;
      if (value !== undefined && value < leastMs) {
        context.addIssue(`"${text}" is too short: it must be at least ${ms(leastMs)}`);
        return z.NEVER;
      }
      if (value !== undefined && value > mostMs) {
        context.addIssue(`"${text}" is too long: it must be at most ${ms(mostMs)}`);
        return z.NEVER;
      }
      if (value === undefined || Number.isNaN(value)) {
        context.addIssue(
          `"${text}" is not a duration such as ${fallback}; write a number and a unit (s, m, h, d)`,
        );
        return z.NEVER;
      }
      return value;
    });

/** Off unless set. */
const durationIfSet = (bounds: Bounds) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined;
      const parsed = duration('10s', bounds).safeParse(text);
      if (parsed.success) return parsed.data;
      context.addIssue(parsed.error.issues[0]?.message ?? '');
      return z.NEVER;
    });

/** Digits only: `Number` would also accept `1e3`, `0x50` and spaces. */
const wholeNumber = (advice: string) => z.string(advice).trim().regex(/^\d+$/, advice).transform(Number);
const port = wholeNumber('must be a number').pipe(z.number().max(65_535));
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' });

/**
 * Encrypted, or to this machine. `httpUrl` reports text that is not an address, but this check runs all the
 * same.
 */
function isConfidential(text: string): boolean {
  const url = URL.parse(text);
  return url === null || url.protocol === 'https:' || isLoopbackName(url.hostname);
}

/** Paths are appended to it; `fetch` rejects an address with a user in it. */
function isBase(text: string): boolean {
  const url = URL.parse(text);
  return url === null || url.username + url.search + url.hash === '';
}

const furtherKindNames: readonly string[] = furtherKinds.map(({ name }) => name);

/** Names of tables, separated by commas. */
const skippedKinds = z
  .string()
  .default('')
  .transform((text, context) => {
    const names = text.split(',').flatMap((name) => name.trim() || []);
    for (const name of names) {
      if (furtherKindNames.includes(name)) continue;
      context.addIssue(
        `"${name}" is not a kind that can be skipped; these are: ${furtherKindNames.join(', ')}`,
      );
    }
    return new Set(names);
  });

/** Origins as browsers send them, separated by commas. */
const origins = z
  .string()
  .default('')
  .transform((text, context) => {
    const given = text
      .split(',')
      .map((origin) => origin.trim())
      .filter((origin) => origin !== '');
    for (const origin of given) {
      if (/^https?:/.test(origin) && URL.parse(origin)?.origin === origin) continue;
      context.addIssue(
        `"${origin}" is not an origin such as https://team.example.com (no path, no trailing slash)`,
      );
    }
    return given;
  });

/** PEM text, PEM with \n escapes, or base64 of a PEM; PKCS#1 or PKCS#8. The result is PKCS#8 PEM. */
const privateKey = z.string('set it, or GITHUB_APP_PRIVATE_KEY_FILE').transform((text, context) => {
  const unescaped = text.trim().replaceAll(String.raw`\n`, '\n');
  const pem = unescaped.includes('-----BEGIN')
    ? unescaped
    : Buffer.from(unescaped, 'base64').toString('utf8');
  try {
    const key = createPrivateKey(pem);
    // GitHub accepts only tokens signed with RS256: any other key would be rejected on each request.
    if (key.asymmetricKeyType === 'rsa') return key.export({ type: 'pkcs8', format: 'pem' }).toString();
    context.addIssue(
      `is a key of type ${key.asymmetricKeyType}, but GitHub's are RSA; use the App's .pem file`,
    );
  } catch {
    context.addIssue(
      "is not a private key: paste the App's whole .pem file (or its base64, or '\\n' for newlines)",
    );
  }
  return z.NEVER;
});

const databaseUrl = z.string('set it to the PostgreSQL connection string').transform((text, context) => {
  try {
    databaseAddress(text);
    return text;
  } catch (error) {
    context.addIssue(error instanceof Error ? error.message : String(error));
    return z.NEVER;
  }
});

const environment = z.object({
  GITHUB_APP_ID: wholeNumber("set it to the App ID from the App's settings page").pipe(z.int().positive()),
  GITHUB_APP_PRIVATE_KEY: privateKey,
  GITHUB_WEBHOOK_SECRET: z
    .string("set it to the webhook secret from the App's settings page")
    .transform((text) =>
      text
        .split(',')
        .map((secret) => secret.trim())
        .filter((secret) => secret !== ''),
    )
    .refine((secrets) => secrets.length > 0, 'must not be empty'),
  GITHUB_APP_CLIENT_ID: z.string().optional(),
  GITHUB_APP_CLIENT_SECRET: z.string().optional(),
  GITHUB_APP_SLUG: z.string().optional(),
  GITHUB_WEBHOOK_URL: httpUrl.optional(),
  GITHUB_API_URL: httpUrl
    .default('https://api.github.com')
    .refine(isConfidential, "must be https: over http the App's credentials would be sent in the clear")
    .refine(isBase, 'must be a plain address, without a user, ? or #')
    .transform((url) => url.replace(/\/+$/, '')),
  DATABASE_URL: databaseUrl,
  TEMPORAL_UI_URL: httpUrl.optional().transform((url) => url?.replace(/\/+$/, '')),
  // An IPv6 address may be written in brackets, as in a URL.
  HOST: z
    .string()
    .default('127.0.0.1')
    .transform((host) => host.replace(/^\[(.*)\]$/, '$1')),
  PORT: port.default(8000),
  METRICS_PORT: port.optional(),
  SYNC_API_TOKEN: z
    .string()
    .min(16, 'must have at least 16 characters')
    .regex(
      /^[!-~]([ -~]*[!-~])?$/,
      'must be ASCII without leading or trailing spaces, so that a header can carry it',
    )
    .optional(),
  SYNC_ALLOWED_ORIGINS: origins,
  SYNC_INTERVAL: duration('15m', { leastMs: 1000 }),
  SYNC_FRESH_FOR: duration('10m'),
  SYNC_VERIFY_INTERVAL: duration('24h', { leastMs: 1000 }),
  // GitHub keeps deliveries for three days. A Node timer can last 24 days at most and fires at once beyond
  // that.
  SYNC_DELIVERY_LOG_INTERVAL: durationIfSet({ leastMs: 1000, mostMs: DAY_MS }),
  SYNC_SKIP: skippedKinds,
  // GitHub's delivery log goes back three days and can redeliver for as long: we must still know the GUID then.
  RETENTION_DELIVERIES: duration('30d', { leastMs: 8 * DAY_MS, mostMs: 100 * YEAR_MS }),
  RETENTION_JOBS: duration('90d', { leastMs: DAY_MS, mostMs: 100 * YEAR_MS }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export type Config = z.output<typeof environment>;

/** The configuration of each role: only the API needs the webhook secret, and some roles need no App. */
export interface ConfigOf {
  api: Config;
  worker: Omit<Config, 'GITHUB_WEBHOOK_SECRET'>;
  migrate: Pick<Config, 'DATABASE_URL' | 'LOG_LEVEL'>;
  sync: Pick<Config, 'DATABASE_URL' | 'LOG_LEVEL' | 'TEMPORAL_UI_URL'>;
}

const needs: { readonly [R in Role]: z.ZodType<ConfigOf[R]> } = {
  api: environment,
  worker: environment.omit({ GITHUB_WEBHOOK_SECRET: true }),
  migrate: environment.pick({ DATABASE_URL: true, LOG_LEVEL: true }),
  sync: environment.pick({ DATABASE_URL: true, LOG_LEVEL: true, TEMPORAL_UI_URL: true }),
};

/** The names of all variables, for `.env.example` and the compose test. */
export const variableNames: readonly string[] = [
  ...Object.keys(environment.shape),
  'GITHUB_APP_PRIVATE_KEY_FILE',
];

/**
 * The configuration of one role. Empty variables count as unset.
 *
 * @throws ConfigurationError naming every fault at once
 */
export function loadConfig<R extends Role>(role: R, env: NodeJS.ProcessEnv): Readonly<ConfigOf[R]> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== ''));
  const faults = unknownSettings(given);
  let unreadableKeyFile = false;
  const keyFile = given['GITHUB_APP_PRIVATE_KEY_FILE'];
  if (keyFile !== undefined && given['GITHUB_APP_PRIVATE_KEY'] === undefined && readsApp(role)) {
    try {
      given['GITHUB_APP_PRIVATE_KEY'] = readFileSync(keyFile, 'utf8');
    } catch {
      unreadableKeyFile = true;
      faults.push(`GITHUB_APP_PRIVATE_KEY_FILE: cannot read ${keyFile}`);
      // So that the key is not also reported as missing: one fault, one line.
      given['GITHUB_APP_PRIVATE_KEY'] = undefined;
    }
  }
  const parsed = needs[role].safeParse(given);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0]);
      if (name === 'GITHUB_APP_PRIVATE_KEY' && unreadableKeyFile) continue;
      faults.push(`${name}: ${issue.message}`);
    }
  }
  // Without a token the API answers anyone who can reach it (docs/reference.md, "Access").
  const host = given['HOST'] ?? '127.0.0.1';
  if (role === 'api' && given['SYNC_API_TOKEN'] === undefined && !isLoopbackName(host)) {
    faults.push(`HOST: ${host} is reachable from other machines: set SYNC_API_TOKEN, or HOST to 127.0.0.1`);
  }
  if (faults.length > 0 || !parsed.success) throw new ConfigurationError(faults);
  return Object.freeze(parsed.data);
}

/**
 * Where the page `/setup` writes `.env`. `npm start` passes it to the API while the sandbox stands in for
 * GitHub; it is not a setting, because there is no such page once an App is configured.
 */
export const SETUP_FOLDER = 'SETUP_FOLDER';

export function setupFolder(env: NodeJS.ProcessEnv): string | undefined {
  return env[SETUP_FOLDER] || undefined;
}

function readsApp(role: Role): boolean {
  return role === 'api' || role === 'worker';
}

/** Unknown names with this product's own prefixes: typos that would otherwise go unnoticed. */
function unknownSettings(given: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(given)
    .filter(
      (name) => /^(SYNC_|RETENTION_|GITHUB_APP_|GITHUB_WEBHOOK_)/.test(name) && !variableNames.includes(name),
    )
    .map((name) => `${name}: unknown setting; see .env.example`);
}
