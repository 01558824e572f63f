import { randomBytes } from 'node:crypto';
import { SyncError } from '../errors.ts';
import {
  valuesOfExisting,
  valuesOfNew,
  type ExistingApp,
  type SetupChoice,
  type SetupResult,
} from './app-values.ts';
import { convertCode } from './convert-code.ts';
import { assertWritable, conflictsIn, withPrivateFile, writeEnvFile } from './env-file.ts';
import { pagesOf } from './github-address.ts';
import { appManifest } from './manifest.ts';

/** A setting that a person left unchanged keeps its value: it is a preference, not a credential. */
const kept = ['SYNC_DELIVERY_LOG_INTERVAL'];
/** The names that show that a file already contains an App. */
export const appNames = { GITHUB_APP_ID: '', GITHUB_APP_PRIVATE_KEY: '', GITHUB_APP_PRIVATE_KEY_FILE: '' };
/** The time limit for all of GitHub's steps together. */
const LIFE_MS = 3_600_000;

/** Existing values in `.env` would be lost; nothing was changed. */
export class ConflictError extends Error {
  override name = 'ConflictError';
  readonly names: readonly string[];
  constructor(names: readonly string[]) {
    super(`.env has ${names.join(', ')} already`);
    this.names = names;
  }
}

/** The credentials exist but could not be written: `retry` writes them once that is fixed. */
export class UnwrittenError extends Error {
  override name = 'UnwrittenError';
  readonly state: string;
  constructor(state: string, cause: Error) {
    super(cause.message, { cause });
    this.state = state;
  }
}

interface NewApp extends SetupChoice {
  name: string;
  /** null: the account of the user who is signed in at GitHub */
  organization: string | null;
  /** existing values in `.env` may be replaced */
  replace: boolean;
}

interface Begun extends NewApp {
  at: number;
  result: SetupResult | null;
  /** if the last page is reloaded, it is shown again */
  isWritten: boolean;
}

export interface SetupSession {
  /** The form that the browser posts to GitHub. @throws ConflictError, EnvFileError */
  begin(app: NewApp, redirectUrl: string): { action: string; manifest: string };
  /** Handles GitHub's redirect. @throws SyncError, UnwrittenError */
  finish(state: string, code: string): Promise<SetupResult>;
  /** Writes what could not be written. @throws SyncError, UnwrittenError */
  retry(state: string): SetupResult;
  /** @throws SyncError, ConflictError, EnvFileError */
  connect(app: ExistingApp, choice: SetupChoice & { replace: boolean }): Promise<SetupResult>;
}

/** Creates or connects a GitHub App and writes its settings to `.env` in `folder`. */
export function createSetupSession(folder: string): SetupSession {
  const begun = new Map<string, Begun>();

  function assertFree(replace: boolean): void {
    assertWritable(folder);
    const taken = conflictsIn(folder, appNames);
    if (taken.length > 0 && !replace) throw new ConflictError(taken);
  }

  function write({ values, keyFile }: SetupResult, replace: boolean): void {
    const own = conflictsIn(folder, values);
    const changed = Object.entries(values).filter(([name]) => !(kept.includes(name) && own.includes(name)));
    const dropped = own.filter((name) => !kept.includes(name));
    if (dropped.length > 0 && !replace) throw new ConflictError(dropped);
    withPrivateFile(folder, keyFile.name, keyFile.pem, () =>
      writeEnvFile(folder, Object.fromEntries(changed)),
    );
  }

  function store(state: string, app: Begun): SetupResult {
    const { result } = app;
    if (result === null) throw new SyncError('BAD_REQUEST', 'GitHub has not sent you back yet');
    if (app.isWritten) return result;
    try {
      // Conflicts with existing settings were checked before the App was created.
      write(result, true);
    } catch (error) {
      throw new UnwrittenError(state, error instanceof Error ? error : new Error(String(error)));
    }
    app.isWritten = true;
    return result;
  }

  function find(state: string): Begun {
    const app = begun.get(state);
    if (app !== undefined && Date.now() - app.at < LIFE_MS) return app;
    throw new SyncError('BAD_REQUEST', 'this set-up was not started here, or more than an hour ago');
  }

  return {
    begin(app, redirectUrl) {
      assertFree(app.replace);
      const state = randomBytes(24).toString('hex');
      begun.set(state, { ...app, at: Date.now(), result: null, isWritten: false });
      return manifestForm(app, state, redirectUrl);
    },
    async finish(state, code) {
      const app = find(state);
      app.result ??= await valuesOfNew(await convertCode(app.apiUrl, code), app);
      return store(state, app);
    },
    retry: (state) => store(state, find(state)),
    async connect(app, { replace, ...choice }) {
      assertFree(replace);
      const result = await valuesOfExisting(app, choice);
      write(result, replace);
      return result;
    },
  };
}

/** What the browser posts to GitHub: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
function manifestForm(
  { name, publicUrl, organization, apiUrl }: NewApp,
  state: string,
  redirectUrl: string,
): { action: string; manifest: string } {
  const homepage = pagesOf(apiUrl);
  const whose = organization === null ? '' : `/organizations/${organization}`;
  return {
    action: `${homepage}${whose}/settings/apps/new?state=${state}`,
    manifest: JSON.stringify(appManifest({ name, publicUrl, homepage, redirectUrl })),
  };
}
