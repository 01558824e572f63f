import { join } from 'node:path';
import { createSandbox } from '../../sandbox/index.ts';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { freePort } from './free-port.ts';
import { printBegun, type Print } from './print.ts';

export interface SandboxGitHub {
  url: string;
  /** Where a person causes events by hand. */
  controlUrl: string;
  /** What the API and the worker need to take it for GitHub. */
  environment: Record<string, string>;
  /** Installs the App on the sample organisation where it is installed nowhere, and lets the team live. */
  begin: () => void;
  /** Nothing more happens by itself. */
  quiet: () => void;
  close: () => Promise<void>;
}

export interface SandboxGitHubOptions {
  folder: string;
  /** The API's address, where deliveries go. */
  apiUrl: string;
  /** How often something happens by itself; 0 for never. */
  lifeMs: number;
  print: Print;
}

const PORT = 8080;

/** Starts the sandbox GitHub with its sample organisation, or continues with the world of the last start. */
export async function startSandbox(options: SandboxGitHubOptions): Promise<SandboxGitHub> {
  const { folder, apiUrl, lifeMs, print } = options;
  printBegun(print, 'Sandbox GitHub: starting');
  const webhookUrl = `${apiUrl}/api/github/webhook/`;
  const sandbox = await createSandbox({
    port: await freePort(PORT),
    webhookUrl,
    dataFile: join(folder, 'sandbox.json'),
    populate: (world) => {
      seedWorld(world);
      // Installed below, when there is somebody to receive the webhook that tells of it.
      world.state.installations.clear();
    },
  });
  return {
    url: sandbox.url,
    controlUrl: `${sandbox.url}/_sandbox/`,
    environment: {
      GITHUB_API_URL: sandbox.url,
      GITHUB_APP_ID: String(sandbox.appId),
      GITHUB_APP_PRIVATE_KEY: sandbox.privateKey,
      GITHUB_WEBHOOK_SECRET: sandbox.webhookSecret,
      // By it the Temporal Web UI leads back to the dashboard.
      GITHUB_WEBHOOK_URL: webhookUrl,
    },
    begin: () => {
      const { accounts, installations, repositories } = sandbox.world.state;
      const owners = [...repositories.values()].map(({ ownerId }) => accounts.get(ownerId));
      const organisation = owners.find((owner) => owner?.type === 'Organization');
      if (installations.size === 0 && organisation) {
        print(`Sandbox GitHub: installing the App on ${organisation.login}`);
        sandbox.control.install({ account: organisation.login, repositories: 'all' });
      }
      if (lifeMs > 0) sandbox.control.life({ everyMs: lifeMs });
    },
    quiet: () => {
      sandbox.control.life({ everyMs: 0 });
    },
    close: () => sandbox.close(),
  };
}
