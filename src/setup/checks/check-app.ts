import type { Config } from '../../config.ts';
import { errorTable, SyncError } from '../../errors.ts';
import { getApp, type AppSettings } from '../../github/app-settings.ts';
import { subscribedEvents } from '../../deliveries/events.ts';
import type { GitHub } from '../../github/client.ts';
import { clockAhead } from '../../github/session/clock.ts';
import { reasonOf } from '../../process/reason-of.ts';
import { furtherPermissions, lackOf, missingPermissions, requiredPermissions } from '../app-needs.ts';
import { fault, ok, warning, type Finding } from '../finding.ts';

const CLOCK_MS = 10_000;
/**
 * App tokens are issued 30 s in the past and may expire at most ten minutes ahead: about from this skew on
 * GitHub rejects them.
 */
const SKEW_MS = 30_000;

/** Checks that GitHub answers at all, and this machine's clock against GitHub's. */
export async function checkClock(apiUrl: string): Promise<Finding[]> {
  let ahead: number | null;
  try {
    ahead = await clockAhead(apiUrl, CLOCK_MS);
  } catch (error) {
    return [
      fault('github', {
        message: `GitHub does not answer at ${apiUrl} (${reasonOf(error)}).`,
        why: 'Nothing can be imported or compared.',
        advice: 'Check GITHUB_API_URL, the network and proxies between here and there, and githubstatus.com.',
      }),
    ];
  }
  if (ahead === null) return [ok('github', `answers at ${apiUrl}`)];
  const seconds = Math.round(ahead / 1000);
  if (Math.abs(ahead) <= SKEW_MS) {
    return [ok('github', `answers at ${apiUrl}`), ok('clock', `within ${SKEW_MS / 1000} s of GitHub's`)];
  }
  return [
    ok('github', `answers at ${apiUrl}`),
    fault('clock', {
      message: `this machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} GitHub's.`,
      why: 'GitHub rejects credentials with a wrong date.',
      advice: 'Set the clock and keep it right with NTP (timedatectl set-ntp true).',
    }),
  ];
}

/**
 * Checks whether GitHub accepts the App's id and key; returns the App as its settings page shows it, or null.
 */
export async function checkCredentials(
  github: GitHub,
  config: Pick<Config, 'GITHUB_APP_CLIENT_ID' | 'GITHUB_APP_SLUG'>,
): Promise<{ app: AppSettings | null; findings: Finding[] }> {
  const why = 'Without credentials nothing can be read from GitHub.';
  const refused = (message: string, advice: string) => ({
    app: null,
    findings: [fault('credentials', { message, why, advice })],
  });
  let app: AppSettings | null;
  try {
    app = await getApp(github);
  } catch (error) {
    if (!(error instanceof SyncError)) throw error;
    return refused(`GitHub refuses them (${error.message}).`, errorTable[error.code].advice);
  }
  if (app === null || app.id !== github.appId) {
    const found =
      app === null ? 'GitHub does not know an App with this id' : `the key belongs to App ${app.id}`;
    return refused(
      `${found} (GITHUB_APP_ID is ${github.appId}).`,
      "Set GITHUB_APP_ID to the App ID of the App's settings page.",
    );
  }
  const findings = [ok('credentials', `App ${app.id}${app.slug ? ` (${app.slug})` : ''}`)];
  const names = [
    ['GITHUB_APP_SLUG', config.GITHUB_APP_SLUG, app.slug],
    ['GITHUB_APP_CLIENT_ID', config.GITHUB_APP_CLIENT_ID, app.client_id],
  ] as const;
  for (const [name, own, theirs] of names) {
    if (own === undefined || !theirs || own === theirs) continue;
    findings.push(
      warning('credentials', {
        message: `${name} is ${own}, but the App's is ${theirs}.`,
        why: 'It is displayed to users.',
        advice: `Set ${name}=${theirs}, or remove it.`,
      }),
    );
  }
  return { app, findings };
}

/** What the App requests on its settings page. What accounts accepted of it is `checkInstallations`. */
export function checkPermissions({ permissions }: AppSettings): Finding[] {
  const advice =
    "Grant read access on the App's settings page (Permissions & events), then accept it for each account.";
  const required = missingPermissions(requiredPermissions, permissions);
  const further = missingPermissions(furtherPermissions, permissions);
  const findings: Finding[] = [];
  if (required.length > 0)
    findings.push(
      fault('permissions', {
        message: `the App lacks ${required.join(', ')}.`,
        why: 'Without them every repository ends in an error.',
        advice,
      }),
    );
  if (further.length > 0)
    findings.push(
      warning('permissions', {
        message: `the App lacks ${further.join(', ')}.`,
        why: lackOf(permissions),
        advice,
      }),
    );
  return findings.length > 0 ? findings : [ok('permissions', Object.keys(permissions).sort().join(', '))];
}

export function checkEvents({ permissions, events }: AppSettings): Finding[] {
  const needed = subscribedEvents(permissions);
  const missing = needed.filter((event) => !events.includes(event));
  if (missing.length === 0) return [ok('events', `subscribed to all ${needed.length}`)];
  return [
    fault('events', {
      message: `the App is not subscribed to ${missing.join(', ')}.`,
      why: 'Their changes are only seen by the next sweep.',
      advice: "Tick them on the App's settings page (Permissions & events → Subscribe to events).",
    }),
  ];
}
