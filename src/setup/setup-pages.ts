import { createHash } from 'node:crypto';
import type { SetupResult } from './app-values.ts';

/** A page: what it shows, and where its forms may lead beside here. */
export interface SetupPage {
  status: number;
  html: string;
  policy: string;
}

const STYLE = `:root{color-scheme:light dark;--line:#8885;--accent:#4f6bed}
body{font:15px/1.5 system-ui,sans-serif;max-width:44rem;margin:3rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.05rem;margin:0 0 .5rem}
form,.box{border:1px solid var(--line);border-radius:.6rem;padding:1rem 1.2rem;margin:1rem 0}
label{display:block;margin:.6rem 0}input:not([type=checkbox]),textarea{display:block;width:100%;box-sizing:border-box;
padding:.45rem .6rem;border:1px solid var(--line);border-radius:.4rem;font:inherit;background:transparent;color:inherit}
textarea{font-family:ui-monospace,monospace;font-size:12px}small{opacity:.75}
button{background:var(--accent);color:#fff;border:0;border-radius:.4rem;padding:.5rem 1rem;font:inherit;cursor:pointer}
code{font-family:ui-monospace,monospace}a{color:inherit}.bad{border-left:4px solid #c33}.good{border-left:4px solid #2a7}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

function page(status: number, title: string, body: string, formTarget = ''): SetupPage {
  return {
    status,
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)} · github-auto-sync</title><style>${STYLE}</style></head><body><main><h1>${escape(title)}</h1>
${body}</main></body></html>`,
    policy: `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self' ${formTarget}; frame-ancestors 'none'; base-uri 'none'`,
  };
}

const WHERE = `<label>GitHub <input name="github" placeholder="github.com">
<small>Empty for github.com; for an Enterprise Server its base, such as https://github.acme.com</small></label>
<label>Public address of this API <input name="public_url" type="url" placeholder="https://mirror.example.com">
<small>Empty where GitHub cannot reach this machine: deliveries are then read from the App's log every 10 s</small></label>
<label><input type="checkbox" name="replace" value="yes"> Replace an App's settings that are in .env already</label>`;

/** The choice: a new App, or one that exists. */
export function choicePage(name: string, problem?: string): SetupPage {
  return page(
    problem === undefined ? 200 : 400,
    'Set up the GitHub App',
    `${problem === undefined ? '' : `<p class="box bad" role="alert">${escape(problem)}</p>`}
<form method="post" action="/setup/new"><h2>Make a new App</h2>
<label>Name <input name="name" required maxlength="34" value="${escape(name)}"></label>
<label>Organisation <input name="organization" placeholder="your own account">
<small>Empty for your own account</small></label>${WHERE}
<button>Go on</button></form>
<form method="post" action="/setup/existing"><h2>Connect an App that exists</h2>
<label>App ID <input name="app_id" required inputmode="numeric" pattern="[0-9]+"></label>
<label>Private key (the whole .pem file) <textarea name="private_key" required rows="5" spellcheck="false"></textarea></label>
<label>Webhook secret <input name="secret" type="password" autocomplete="off">
<small>Empty: a new one is made and set at GitHub</small></label>${WHERE}
<button>Check and connect</button></form>`,
  );
}

/** The form that leads to GitHub. */
export function manifestPage({ action, manifest }: { action: string; manifest: string }): SetupPage {
  const { origin } = new URL(action);
  return page(
    200,
    'Make the App at GitHub',
    `<form method="post" action="${escape(action)}"><p>GitHub shows what the App may read, asks you to confirm its name, and
sends you back here. The App is yours, private, and may change nothing.</p>
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
      ? 'Deliveries are read from the App’s log, every 10 s unless .env says otherwise.'
      : `GitHub sends deliveries to ${escape(values['GITHUB_WEBHOOK_URL'])}.`;
  return page(
    200,
    'The App is set up',
    `<p class="box good">Its settings are in <code>.env</code>, which only you may read: ${Object.entries(
      values,
    )
      .filter(([, value]) => value !== '')
      .map(([name]) => `<code>${name}</code>`)
      .join(', ')}. The private key is in <code>${escape(keyFile.name)}</code> beside it. ${way}</p>
<ol><li>Install the App on your account or organisation: ${install}</li>
<li>Start again with it: stop what runs (Ctrl-C), then <code>npm start</code></li>
<li>Check it: <code>npm run doctor</code></li></ol>`,
  );
}

/** Something failed; what was done before it is kept. */
export function problemPage(status: number, problem: string, advice: string, state?: string): SetupPage {
  const next =
    state === undefined
      ? '<p><a href="/setup">Begin again</a></p>'
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
