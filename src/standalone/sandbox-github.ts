import { join } from 'node:path';
import { createSandbox } from '../../sandbox/index.ts';
import { seedWorld } from '../../sandbox/seed/seed-world.ts';
import { freePort } from './free-port.ts';
import { printBegun, type Print } from './print.ts';

export interface SandboxGitHub {
  url: string;
  /** Where a person can trigger actions. */
  controlUrl: string;
  /** The settings with which the API and the worker use it as GitHub. */
  environment: Record<string, string>;
  /**
   * Installs the App on the sample organisation if it is not installed anywhere, and starts the team's life.
   */
  begin: () => void;
  /** Stops the team's life. */
  quiet: () => void;
  close: () => Promise<void>;
}

export interface SandboxGitHubOptions {
  folder: string;
  /** The API's address, where deliveries are sent. */
  apiUrl: string;
  /** The interval between the team's actions; 0 for none. */
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
      // Installed below, once the API can receive the webhook that announces it.
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
      // With it the Temporal Web UI links back to the dashboard.
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
