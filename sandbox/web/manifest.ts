/** GitHub App manifests: https://docs.github.com/apps/sharing-github-apps/registering-a-github-app-from-a-manifest */
import { z } from 'zod';
import { events } from '../resources/events.ts';
import { ALWAYS_SENT } from '../webhooks/event.ts';

const url = z.url({ protocol: /^https?$/, error: 'must be a URL' });

/** GitHub delivers to public addresses only, and says so at once. */
const publicUrl = url.refine(
  (text) => !/^(localhost|.*\.localhost|127\.|10\.|192\.168\.|\[)/i.test(new URL(text).hostname),
  "is not supported because it isn't reachable over the public Internet (localhost)",
);

const manifestSchema = z.object({
  name: z.string().min(1, "can't be blank").max(34, 'is too long (maximum is 34 characters)').optional(),
  url,
  hook_attributes: z.object({ url: publicUrl, active: z.boolean().default(true) }).optional(),
  redirect_url: url,
  setup_url: url.optional(),
  callback_urls: z.array(url).max(10).optional(),
  description: z.string().optional(),
  public: z.boolean().default(false),
  default_events: z.array(z.string()).default([]),
  default_permissions: z.record(z.string(), z.enum(['read', 'write', 'admin'])).default({}),
  request_oauth_on_install: z.boolean().default(false),
  setup_on_update: z.boolean().default(false),
});

export type Manifest = z.output<typeof manifestSchema>;

/**
 * Any of these permissions lets an App subscribe to the event. Those of the resources decide whether it is sent, too. Source:
 * "Webhook events and payloads", Availability.
 */
const NEEDED: ReadonlyMap<string, readonly string[]> = new Map([
  ...[...events].flatMap(([name, { permissions }]): [string, readonly string[]][] =>
    ALWAYS_SENT.has(name) ? [] : [[name, permissions.length > 0 ? permissions : ['metadata']]],
  ),
  // Announced by nothing here.
  ['deployment', ['deployments']],
  ['deployment_status', ['deployments']],
  ['workflow_run', ['actions']],
  ['workflow_job', ['actions']],
]);

/** A manifest as it was posted, or what is wrong with it, in a line each. */
export function readManifest(text: string): { manifest: Manifest } | { faults: string[] } {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    return { faults: ['The manifest is not JSON.'] };
  }
  const parsed = manifestSchema.safeParse(given);
  if (!parsed.success)
    return { faults: parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`) };
  const { default_events: asked, default_permissions: permissions } = parsed.data;
  const faults = asked.flatMap((event) => {
    const needed = NEEDED.get(event);
    if (needed === undefined) return [`Default events unsupported: ${event}`];
    // Every App that may read anything of a repository may read its metadata.
    const granted = { metadata: 'read', ...permissions };
    return needed.some((name) => Object.hasOwn(granted, name))
      ? []
      : [`Default events are not supported by permissions: ${event}`];
  });
  return faults.length > 0 ? { faults } : { manifest: parsed.data };
}
