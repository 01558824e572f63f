/** The control API's own page: every action, with a line to copy. */
import { actions } from './control.ts';

/** `createIssue` is `POST /_sandbox/create-issue`. */
export function pathOf(name: string): string {
  return `/_sandbox/${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

const HEADER = `The sandbox GitHub's control API. Every action is a POST with a JSON body and answers with what it made or changed.
Repositories are named "owner/name" or by id; "by" is the login of who does it.

GET /_sandbox/world                accounts, installations and repositories, with ids and sizes
GET /_sandbox/stats                what was asked of the API: per route, installation, status; requests sent although limited
GET /_sandbox/requests?limit=100   the latest requests
GET /_sandbox/faults               the faults in force
`;

/** Plain text, an example `curl` for each action. */
export function listing(api: string): string {
  const entries = Object.entries(actions).map(([name, { about, example }]) => {
    const body = JSON.stringify(example).replaceAll("'", "'\\''");
    return `# ${about}\ncurl -X POST ${api}${pathOf(name)} -d '${body}'\n`;
  });
  return [HEADER, ...entries].join('\n');
}
