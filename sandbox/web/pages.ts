/** GitHub's pages for making an App from a manifest and for installing it: forms and redirects, no script. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { SandboxParts } from '../sandbox-parts.ts';
import { installationOn } from '../world/access.ts';
import { install } from '../resources/installations/installation.ts';
import { accountByLogin, GHOST_ID } from '../world/lookup.ts';
import type { Account } from '../world/types.ts';
import { readManifest } from './manifest.ts';
import { registerApp, type Registrations } from './register-app.ts';

type Form = Record<string, string>;

interface Place {
  Params: { org?: string; slug?: string };
  Querystring: { state?: string };
  Body: Form;
}

/** Puts the pages on the server, in a scope of their own: their bodies are forms. */
export function registerPages(
  server: FastifyInstance,
  sandbox: SandboxParts,
  registrations: Registrations,
): void {
  const pages = (scope: FastifyInstance, _options: unknown, done: () => void) => {
    scope.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string' },
      (_request, body, parsed) => parsed(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    for (const base of ['/settings/apps', '/organizations/:org/settings/apps'])
      registerNewApp(scope, base, sandbox, registrations);
    registerInstall(scope, sandbox);
    done();
  };
  // Of a plugin without a name Fastify goes through all loaded modules for one.
  void server.register(Object.assign(pages, { [Symbol.for('fastify.display-name')]: 'pages' }));
}

/** Making an App from a manifest: the form that asks for its name, and what it posts. */
function registerNewApp(
  scope: FastifyInstance,
  base: string,
  sandbox: SandboxParts,
  registrations: Registrations,
): void {
  const { world } = sandbox;
  scope.post<Place>(`${base}/new`, ({ params, query, body }, reply) => {
    const owner = ownerOf(sandbox, params.org);
    if (owner === null)
      return page(reply, 404, 'Not Found', '<p>This is not the page you are looking for.</p>');
    const read = readManifest(body['manifest'] ?? '');
    if ('faults' in read) return refuse(reply, read.faults);
    const action = `${base.replace(':org', owner.login)}/manifest`;
    return page(
      reply,
      200,
      `Create GitHub App for ${owner.login}`,
      `<form method="post" action="${escape(action)}">
<label>GitHub App name <input name="name" required maxlength="34" value="${escape(read.manifest.name ?? '')}"></label>
<input type="hidden" name="manifest" value="${escape(body['manifest'] ?? '')}">
<input type="hidden" name="state" value="${escape(query.state ?? '')}">
<button>Create GitHub App for ${escape(owner.login)}</button></form>`,
    );
  });
  scope.post<Place>(`${base}/manifest`, ({ params, body }, reply) => {
    const owner = ownerOf(sandbox, params.org);
    const read = readManifest(body['manifest'] ?? '');
    const name = (body['name'] ?? '').trim();
    if (owner === null || 'faults' in read || name === '') return refuse(reply, ["Name can't be blank"]);
    if (name === world.state.app.name) return refuse(reply, ['Name is already in use']);
    const code = registerApp(world, registrations, { manifest: read.manifest, name, owner });
    const back = new URL(read.manifest.redirect_url);
    back.searchParams.set('code', code);
    if (body['state']) back.searchParams.set('state', body['state']);
    return reply.redirect(back.href, 302);
  });
}

/** Installing it: the accounts that it can be installed on, and what choosing one posts. */
function registerInstall(scope: FastifyInstance, sandbox: SandboxParts): void {
  const { world } = sandbox;
  scope.get<Place>('/apps/:slug/installations/new', ({ params }, reply) => {
    if (params.slug !== world.state.app.slug) return page(reply, 404, 'Not Found', '');
    const rows = people(sandbox).map(
      ({ login }) =>
        `<form method="post" action="/apps/${params.slug ?? ''}/installations"><input type="hidden" name="account" value="${escape(login)}"><button>Install on ${escape(login)}</button></form>`,
    );
    return page(reply, 200, `Install ${world.state.app.name}`, rows.join('\n'));
  });
  scope.post<Place>('/apps/:slug/installations', ({ params, body }, reply) => {
    const account = accountByLogin(world, body['account'] ?? '');
    if (params.slug !== world.state.app.slug || !account) return page(reply, 404, 'Not Found', '');
    if (!installationOn(world, account.id)) install(world, account, 'all', account);
    return page(
      reply,
      200,
      'Installed',
      `<p>${escape(world.state.app.name)} is installed on ${escape(account.login)}.</p>`,
    );
  });
}

/** Who is signed in, or the organisation, which that person owns. */
function ownerOf(sandbox: SandboxParts, org: string | undefined): Account | null {
  if (org === undefined) return people(sandbox).find(({ type }) => type === 'User') ?? null;
  const account = accountByLogin(sandbox.world, org);
  return account?.type === 'Organization' ? account : null;
}

function people({ world }: SandboxParts): Account[] {
  return [...world.state.accounts.values()].filter(
    ({ id, type, login }) =>
      id !== GHOST_ID && login !== 'github' && (type === 'User' || type === 'Organization'),
  );
}

function refuse(reply: FastifyReply, faults: readonly string[]): FastifyReply {
  const items = faults.map((fault) => `<li>${escape(fault)}</li>`).join('');
  return page(reply, 422, 'Invalid GitHub App configuration', `<ul>${items}</ul>`);
}

function page(reply: FastifyReply, status: number, title: string, body: string): FastifyReply {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title><h1>${escape(title)}</h1>${body}`;
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`);
}
