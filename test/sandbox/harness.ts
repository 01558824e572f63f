/** A sandbox with a small world, a receiver for its deliveries, and a bare client (fetch, no library that hides anything). */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { importPKCS8, SignJWT } from 'jose';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/index.ts';
import type { Installation, Repository } from '../../sandbox/world/types.ts';

export interface Received {
  event: string;
  guid: string;
  headers: IncomingHttpHeaders;
  body: string;
  payload: ReturnType<typeof JSON.parse>;
}

interface Answered {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed JSON, null for none. */
  body: ReturnType<typeof JSON.parse>;
}

export interface Harness {
  sandbox: Sandbox;
  installation: Installation;
  app: Repository;
  deliveries: Received[];
  /** What the receiver answers with. */
  receiver: { status: number };
  jwt(claims?: Record<string, unknown>): Promise<string>;
  token(installationId?: number): Promise<string>;
  /** As the installation, unless other headers say otherwise. */
  get(path: string, headers?: Record<string, string>): Promise<Answered>;
  asApp(path: string, method?: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** Waits until all deliveries have arrived, and takes them. */
  arrived(): Promise<Received[]>;
  close(): Promise<void>;
}

/** Starts it: user `ann`, organisation `acme` with the App on everything and the repository `acme/app` of three commits. */
export async function startHarness(options: SandboxOptions = {}): Promise<Harness> {
  const deliveries: Received[] = [];
  const receiver = { status: 202 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { headers } = request;
      const form = body.startsWith('payload=') ? new URLSearchParams(body).get('payload') : null;
      const payload: Received['payload'] = JSON.parse(form ?? body);
      const event = String(headers['x-github-event']);
      deliveries.push({ event, guid: String(headers['x-github-delivery']), headers, body, payload });
      response.writeHead(receiver.status).end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const sandbox = await createSandbox({ webhookUrl: `http://127.0.0.1:${port}/hook`, ...options });
  const { control } = sandbox;
  control.createAccount({ login: 'ann', name: 'Ann', emails: ['ann@example.com'] });
  control.createAccount({ login: 'acme', type: 'Organization' });
  const installation = control.install({ account: 'acme' });
  const app = control.createRepository({ owner: 'acme', name: 'app' });
  control.push({ repo: app.id, commits: 3 });
  await control.deliveriesDone({});
  deliveries.length = 0;

  const key = await importPKCS8(sandbox.privateKey, 'RS256');
  const jwt = (claims: Record<string, unknown> = {}): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    const all = { iat: now - 30, exp: now + 570, iss: String(sandbox.appId), ...claims };
    return new SignJWT(all).setProtectedHeader({ alg: 'RS256' }).sign(key);
  };
  const call = async (
    path: string,
    init: { method?: string; body?: string; headers: Record<string, string> },
  ): Promise<Answered> => {
    const url = path.startsWith('http') ? path : sandbox.url + path;
    const headers = { 'user-agent': 'test', ...init.headers };
    const response = await fetch(url, { redirect: 'manual', ...init, headers });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') && text !== '';
    return { status: response.status, headers: response.headers, text, body: json ? JSON.parse(text) : null };
  };
  const asApp: Harness['asApp'] = async (path, method = 'GET', body, headers = {}) =>
    call(path, {
      method,
      headers: { authorization: `Bearer ${await jwt()}`, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const token = async (id = installation.id): Promise<string> => {
    const minted = await asApp(`/app/installations/${id}/access_tokens`, 'POST');
    return String(minted.body.token);
  };
  let own: string | null = null;
  return {
    sandbox,
    installation,
    app,
    deliveries,
    receiver,
    jwt,
    token,
    asApp,
    get: async (path, headers = {}) => {
      own ??= await token();
      return call(path, { headers: { authorization: `token ${own}`, ...headers } });
    },
    arrived: async () => {
      await control.deliveriesDone({});
      return deliveries.splice(0);
    },
    close: async () => {
      await sandbox.close();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
