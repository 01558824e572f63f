import { createPrivateKey, randomBytes } from 'node:crypto';
import { errorTable, SyncError } from '../errors.ts';
import { reasonOf } from '../process/reason-of.ts';
import { conflictsIn, EnvFileError } from './env-file.ts';
import { apiUrlOf } from './github-address.ts';
import { choicePage, donePage, manifestPage, problemPage, type SetupPage } from './setup-pages.ts';
import { appNames, ConflictError, createSetupSession, UnwrittenError } from './setup-session.ts';

export interface SetupRequest {
  method: string;
  /** with its query */
  url: string;
  /** the origin of the page in the browser: `http://127.0.0.1:8000` */
  origin: string;
  form: URLSearchParams;
}

/** A form field that is not valid. */
class FormError extends Error {}

/**
 * The pages of `/setup` for one folder, independent of any framework. The caller must have checked that the
 * request comes from this machine.
 *
 * @param options.apiUrl the GitHub to use if the form names none
 * @param options.onDone called when the settings are written
 * @returns null for an address that does not belong to the set-up
 */
export function createSetup(options: { folder: string; apiUrl?: string | undefined; onDone?: () => void }) {
  const session = createSetupSession(options.folder);
  const name = `github-auto-sync-${randomBytes(3).toString('hex')}`;

  function hasApp(): boolean {
    try {
      return conflictsIn(options.folder, appNames).length > 0;
    } catch {
      return false; // an unreadable file is reported when it is to be written
    }
  }

  async function route({ method, url, origin, form }: SetupRequest): Promise<SetupPage | null> {
    const { pathname, searchParams } = new URL(url, origin);
    switch (`${method} ${pathname.replace(/\/$/, '')}`) {
      case 'GET /setup':
        return choicePage(name, { hasApp: hasApp() });
      case 'POST /setup/new':
        return manifestPage(
          session.begin({ ...choiceIn(form, options.apiUrl), ...newAppIn(form) }, `${origin}/setup/done`),
        );
      case 'GET /setup/done':
        return done(await session.finish(searchParams.get('state') ?? '', searchParams.get('code') ?? ''));
      case 'POST /setup/retry':
        return done(session.retry(form.get('state') ?? ''));
      case 'POST /setup/existing':
        return done(await session.connect(existingAppIn(form), choiceIn(form, options.apiUrl)));
      default:
        return null;
    }
  }

  function done(result: Parameters<typeof donePage>[0]): SetupPage {
    options.onDone?.();
    return donePage(result);
  }

  function pageOf(error: unknown, form: URLSearchParams): SetupPage {
    if (error instanceof FormError)
      return choicePage(name, { hasApp: hasApp(), problem: error.message, form });
    if (!(error instanceof ConflictError)) return failurePage(error);
    const problem = `${error.message}. Nothing was changed: tick “Replace” to lose them.`;
    return choicePage(name, { hasApp: true, problem, form });
  }

  return async (request: SetupRequest): Promise<SetupPage | null> => {
    try {
      return await route(request);
    } catch (error) {
      return pageOf(error, request.form);
    }
  };
}

/** @throws FormError */
function newAppIn(form: URLSearchParams) {
  return {
    name: required(form, 'name', /^[^\n]{1,34}$/, 'a name of at most 34 characters'),
    organization: text(form, 'organization', /^[a-z\d][a-z\d-]*$/i, 'the login of an organisation'),
  };
}

/** @throws FormError */
function existingAppIn(form: URLSearchParams) {
  return {
    appId: Number(required(form, 'app_id', /^\d{1,15}$/, 'the App ID, a number')),
    privateKey: privateKeyIn(form),
    secret: text(form, 'secret', /^[^\s,]+$/, 'a secret without spaces or commas'),
  };
}

function failurePage(error: unknown): SetupPage {
  if (error instanceof UnwrittenError)
    return problemPage(
      500,
      `The App was created, but its settings could not be written: ${error.message}`,
      'Fix that and try again: the credentials are kept for an hour while this program runs.',
      error.state,
    );
  if (error instanceof EnvFileError)
    return problemPage(
      500,
      error.message,
      'Nothing was changed. Make this folder writable, then start again.',
    );
  if (error instanceof SyncError)
    return problemPage(400, `${error.message}.`, `Nothing was written. ${adviceFor(error)}`);
  return problemPage(500, reasonOf(error), 'Nothing was written.');
}

function adviceFor({ code }: SyncError): string {
  return code === 'BAD_REQUEST'
    ? 'Begin again; an App that was made meanwhile can be deleted at GitHub, or connected.'
    : errorTable[code].advice;
}

function choiceIn(form: URLSearchParams, fallback: string | undefined) {
  const named = form.get('github')?.trim() ?? '';
  const apiUrl = apiUrlOf(named === '' ? (fallback ?? '') : named);
  if (apiUrl === null)
    throw new FormError(`GitHub: ${named} is not the address of a GitHub server (https://HOST)`);
  const publicUrl = text(
    form,
    'public_url',
    /^https?:\/\/[^\s?#]+$/,
    'an address such as https://mirror.example.com',
  );
  return { apiUrl, publicUrl, replace: form.get('replace') === 'yes' };
}

function privateKeyIn(form: URLSearchParams): string {
  try {
    return createPrivateKey(form.get('private_key')?.trim() ?? '')
      .export({ type: 'pkcs8', format: 'pem' })
      .toString();
  } catch {
    throw new FormError('Private key: paste the whole .pem file, from -----BEGIN to END-----');
  }
}

function text(form: URLSearchParams, field: string, pattern: RegExp, what: string): string | null {
  const value = form.get(field)?.trim() ?? '';
  if (value === '') return null;
  if (!pattern.test(value)) throw new FormError(`${field.replace('_', ' ')}: give ${what}`);
  return value;
}

function required(form: URLSearchParams, field: string, pattern: RegExp, what: string): string {
  const value = text(form, field, pattern, what);
  if (value === null) throw new FormError(`${field.replace('_', ' ')}: give ${what}`);
  return value;
}
