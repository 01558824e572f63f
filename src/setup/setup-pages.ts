import { createHash } from 'node:crypto';
import type { SetupResult } from './app-values.ts';

/** A page: its contents, and where its forms may lead besides this server. */
export interface SetupPage {
  status: number;
  html: string;
  policy: string;
}

/** The dashboard's look, in one small style sheet. */
const STYLE = `:root{color-scheme:light dark;--canvas:light-dark(#fafafa,#0b0b0c);--surface:light-dark(#fff,#131315);
--line:light-dark(#e7e7ea,#27272b);--strong:light-dark(#c9c9cf,#45454c);--fg:light-dark(#17171a,#ededf0);
--muted:light-dark(#5c5c66,#a1a1ab);--accent:light-dark(#3f51d8,#98a5ff);--solid:light-dark(#3f51d8,#4c5ee6)}
body{font:14px/1.5 Inter,ui-sans-serif,system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;
background:var(--canvas);color:var(--fg)}
header{display:flex;gap:.6rem;align-items:center;font-weight:600;letter-spacing:-.01em}
h1{font-size:1.35rem;letter-spacing:-.015em;margin:1.6rem 0 .3rem}h2,summary{font-size:.95rem;font-weight:600;margin:0}
.lead,small{color:var(--muted)}.lead{margin:0 0 1.2rem}small{display:block;font-size:.8rem;margin-top:.2rem}
form,.box,details{background:var(--surface);border:1px solid var(--line);border-radius:.75rem;padding:1.1rem 1.25rem;
margin:1rem 0}form>p:first-child{margin-top:0}details form{border:0;padding:0;margin:.8rem 0 0}summary{cursor:pointer}
label{display:block;margin:.85rem 0;font-weight:500}label small{font-weight:400}
input:not([type=checkbox]),textarea{display:block;width:100%;box-sizing:border-box;margin-top:.25rem;padding:.45rem .6rem;
border:1px solid var(--strong);border-radius:.4rem;font:inherit;font-weight:400;background:transparent;color:inherit}
textarea{font-family:ui-monospace,monospace;font-size:12px}
button{background:var(--solid);color:#fff;border:0;border-radius:.4rem;padding:.5rem .9rem;font:inherit;font-weight:500;
cursor:pointer}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
code{font-family:ui-monospace,monospace;font-size:.92em}a{color:var(--accent)}li{margin:.35rem 0}
.bad{background:light-dark(#fdecec,#331517);border-color:transparent}
.good{background:light-dark(#e8f7ee,#10271a);border-color:transparent}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

function page(status: number, title: string, body: string, formTarget = ''): SetupPage {
  return {
    status,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)} · github-auto-sync</title><style>${STYLE}</style></head><body><header>github-auto-sync</header><main><h1>${escape(title)}</h1>
${body}</main></body></html>`,
    policy: `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self' ${formTarget}; frame-ancestors 'none'; base-uri 'none'`,
  };
}

/** A field as it was filled in. Secrets are not sent back. */
type Field = (name: string, otherwise?: string) => string;

const where = (
  field: Field,
) => `<label>GitHub <input name="github" placeholder="github.com"${field('github')}>
<small>Empty for github.com; for an Enterprise Server its base, such as https://github.acme.com</small></label>
<label>Public address of this API <input name="public_url" type="url" placeholder="https://mirror.example.com"${field('public_url')}>
<small>Empty where GitHub cannot reach this machine: deliveries are then read from the App's log every 10 s</small></label>`;

const REPLACE = `
<label><input type="checkbox" name="replace" value="yes"> Replace the App's settings that are in .env already</label>`;

/**
 * The choice between a new and an existing App.
 *
 * @param options.hasApp `.env` already contains an App, which is replaced only if the box is ticked
 * @param options.problem why the last choice, `form`, was rejected
 */
export function choicePage(
  name: string,
  options: { hasApp: boolean; problem?: string; form?: URLSearchParams },
): SetupPage {
  const { hasApp, problem, form } = options;
  const field: Field = (of, otherwise = '') => {
    const value = form?.get(of) ?? otherwise;
    return value === '' ? '' : ` value="${escape(value)}"`;
  };
  const place = where(field) + (hasApp ? REPLACE : '');
  return page(
    problem === undefined ? 200 : 400,
    'Set up the GitHub App',
    `<p class="lead">GitHub creates the App in two clicks; its id, key and secrets are then written to <code>.env</code> here.
The App is read-only.</p>
${problem === undefined ? '' : `<p class="box bad" role="alert">${escape(problem)}</p>`}
<form method="post" action="/setup/new"><h2>Create a new App</h2>
<label>Name <input name="name" required maxlength="34"${field('name', name)}></label>
<label>Organisation <input name="organization" placeholder="your own account"${field('organization')}>
<small>Leave empty for your own account</small></label>${place}
<button>Continue</button></form>
<details${form?.has('app_id') === true ? ' open' : ''}><summary>Connect an existing App</summary>
<form method="post" action="/setup/existing">
<label>App ID <input name="app_id" required inputmode="numeric" pattern="[0-9]+"${field('app_id')}></label>
<label>Private key (the whole .pem file) <textarea name="private_key" required rows="5" spellcheck="false"></textarea></label>
<label>Webhook secret <input name="secret" type="password" autocomplete="off">
<small>Leave empty to generate one and set it at GitHub</small></label>${place}
<button>Check and connect</button></form></details>`,
  );
}

/** The form that leads to GitHub. */
export function manifestPage({ action, manifest }: { action: string; manifest: string }): SetupPage {
  const { origin } = new URL(action);
  return page(
    200,
    'Create the App at GitHub',
    `<form method="post" action="${escape(action)}"><p>GitHub shows what the App may read, asks you to confirm its name, and
sends you back here. The App is yours, private and read-only.</p>
<input type="hidden" name="manifest" value="${escape(manifest)}"><button>Go to ${escape(new URL(action).host)}</button></form>`,
    origin,
  );
}

export function donePage({ values, keyFile, installUrl }: SetupResult): SetupPage {
  const install =
    installUrl === null
      ? 'on the App’s settings page, under “Install App”'
      : `<a href="${escape(installUrl)}">${escape(installUrl)}</a>`;
  const way =
    values['GITHUB_WEBHOOK_URL'] === undefined
      ? 'Deliveries are read from the App’s delivery log, every 10 s unless .env says otherwise.'
      : `GitHub sends deliveries to ${escape(values['GITHUB_WEBHOOK_URL'])}.`;
  return page(
    200,
    'The App is set up',
    `<p class="box good">Its settings are in <code>.env</code>, which only you can read: ${Object.entries(
      values,
    )
      .filter(([, value]) => value !== '')
      .map(([name]) => `<code>${name}</code>`)
      .join(', ')}. The private key is in <code>${escape(keyFile.name)}</code> beside it. ${way}</p>
<ol><li>Install the App on your account or organisation: ${install}</li>
<li>Restart with it: stop what is running (Ctrl-C), then <code>npm start</code></li>
<li>Check it: <code>npm run doctor</code></li></ol>`,
  );
}

/** Something failed; earlier steps are kept. */
export function problemPage(status: number, problem: string, advice: string, state?: string): SetupPage {
  const next =
    state === undefined
      ? '<p><a href="/setup">Start again</a></p>'
      : `<form method="post" action="/setup/retry"><input type="hidden" name="state" value="${escape(state)}"><button>Try again</button></form>`;
  return page(
    status,
    'This did not work',
    `<p class="box bad" role="alert">${escape(problem)}</p><p>${escape(advice)}</p>${next}`,
  );
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`);
}
