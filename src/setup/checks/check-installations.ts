import type { listInstallations } from '../../github/app-api.ts';
import type { AppSettings } from '../../github/app-settings.ts';
import type { InstallationRow } from '../../model.ts';
import { furtherPermissions, lackOf, missingPermissions, requiredPermissions } from '../app-needs.ts';
import { fault, ok, warning, type Finding } from '../finding.ts';

/** How many are listed individually. */
const NAMED = 20;

type Listed = Awaited<ReturnType<typeof listInstallations>>;

/** Where the App is installed, and which of the App's requested permissions each account accepted. */
export function checkInstallations({ rows, unreadable }: Listed, app: AppSettings): Finding[] {
  const listed = rows.length + unreadable.length;
  if (listed === 0) {
    return [
      warning('installations', {
        message: 'the App is not installed anywhere.',
        why: 'There is nothing to mirror.',
        advice: `Install it${app.html_url ? `: ${app.html_url}/installations/new` : " (the App's settings page → Install App)"}.`,
      }),
    ];
  }
  const found = rows.flatMap(checkInstallation);
  const findings = found.slice(0, NAMED);
  if (found.length > NAMED) {
    const worst = found.slice(NAMED).some(({ status }) => status === 'fault') ? fault : warning;
    findings.push(
      worst('installations', {
        message: `${found.length - NAMED} more installations have problems.`,
        why: 'What they lack is not mirrored.',
        advice: 'Fix the ones listed first, then run doctor again.',
      }),
    );
  }
  if (findings.length > 0) return findings;
  return [ok('installations', `${listed}, all permissions accepted`)];
}

function checkInstallation(row: InstallationRow): Finding[] {
  // What this GitHub does not show does not count as missing.
  if (Object.keys(row.permissions).length === 0) return [];
  const whose = `${row.account_login} (installation ${row.id})`;
  if (row.suspended_at !== null) {
    return [
      warning('installations', {
        message: `${whose} has been suspended since ${row.suspended_at}.`,
        why: 'Its repositories are paused.',
        advice: "Unsuspend the App in the account's settings at GitHub; missed changes are then fetched.",
      }),
    ];
  }
  const advice =
    "Accept the requested permissions in the account's settings (Installed GitHub Apps → Configure).";
  const required = missingPermissions(requiredPermissions, row.permissions);
  const further = missingPermissions(furtherPermissions, row.permissions);
  if (required.length > 0) {
    return [
      fault('installations', {
        message: `${whose} has not accepted ${required.join(', ')}.`,
        why: 'Its repositories end in an error.',
        advice,
      }),
    ];
  }
  if (further.length === 0) return [];
  return [
    warning('installations', {
      message: `${whose} has not accepted ${further.join(', ')}.`,
      why: lackOf(row.permissions),
      advice,
    }),
  ];
}
