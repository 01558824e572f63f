/** `POST /app-manifests/{code}/conversions`: the last step of the manifest flow, for anyone with the code. */
import { notFound } from '../http/http-error.ts';
import type { SandboxParts } from '../sandbox-parts.ts';
import type { Answer, Call, Route } from '../http/call.ts';
import { appShape } from '../resources/installations/installation-shape.ts';
import { takeRegistration, type Registrations } from './register-app.ts';

export function manifestRoutes(sandbox: SandboxParts, registrations: Registrations): Route[] {
  function convert({ context, params }: Call): Answer {
    const found = takeRegistration(sandbox.world, registrations, params['code'] ?? '');
    if (found === null) throw notFound();
    const { app } = sandbox.world.state;
    return {
      status: 201,
      headers: { 'x-ratelimit-resource': 'integration_manifest' },
      body: {
        ...appShape(context),
        description: found.manifest.description ?? null,
        external_url: found.manifest.url,
        html_url: `${sandbox.address}/apps/${app.slug}`,
        client_secret: found.clientSecret,
        webhook_secret: app.hook.secret,
        pem: app.privateKey,
      },
    };
  }
  return [
    { method: 'POST', path: '/app-manifests/:code/conversions', auth: 'any', free: true, handler: convert },
  ];
}
