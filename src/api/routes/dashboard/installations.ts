import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { findImportProgress } from '../../../db/dashboard/import-progress.ts';
import {
  findInstallationRow,
  listInstallations,
  type InstallationRow,
} from '../../../db/dashboard/installations.ts';
import { kindsOff } from '../../../db/health/kinds.ts';
import { missingPermissions, requiredPermissions } from '../../../setup/app-needs.ts';
import { SyncError } from '../../../errors.ts';
import { cursorOf, encodeCursor } from '../cursor.ts';
import type { ApiDeps } from '../../deps.ts';
import { errors, flag, githubId, pageSize } from '../../schemas.ts';
import { installationPageSchema, installationSchema } from './schemas.ts';

/** The installations screens. */
export function registerInstallationPages(app: FastifyInstance, { db, settings }: ApiDeps): void {
  const typed = app.withTypeProvider<ZodTypeProvider>();
  typed.route({
    method: 'GET',
    url: '/api/dashboard/installations/',
    schema: {
      hide: true,
      summary: 'Installations, with the progress of their imports',
      querystring: z.object({
        limit: pageSize(50),
        q: z.string().max(200).optional().describe('part of the account’s login'),
        suspended: flag.optional(),
        cursor: cursorOf(z.tuple([z.string().max(200), z.number().int().min(0)])).optional(),
      }),
      response: { 200: installationPageSchema, ...errors(400, 401, 503) },
    },
    handler: async ({ query }) => {
      const { limit, q: text, suspended, cursor: after } = query;
      const page = await listInstallations(db, settings, { limit, text, suspended, after });
      const installations = await Promise.all(
        page.installations.map(async (row) => ({
          ...withGrants(row, settings),
          progress: row.repositories.catching_up > 0 ? await findImportProgress(db, row.id) : null,
        })),
      );
      return { installations, next: page.next && encodeCursor(page.next) };
    },
  });
  typed.route({
    method: 'GET',
    url: '/api/dashboard/installations/:id/',
    schema: {
      hide: true,
      summary: 'An installation, and the progress of its import while it runs',
      params: z.object({ id: githubId }),
      response: { 200: installationSchema, ...errors(400, 401, 404, 503) },
    },
    handler: async ({ params }) => {
      const [row, progress] = await Promise.all([
        findInstallationRow(db, settings, params.id),
        findImportProgress(db, params.id),
      ]);
      if (row === null) throw new SyncError('NOT_FOUND', `there is no installation ${params.id}`);
      return { installation: withGrants(row, settings), progress };
    },
  });
}

/** The installation with the permissions it lacks, and where to change them. */
function withGrants(row: InstallationRow, { githubPages, skippedKinds }: ApiDeps['settings']) {
  // None are known at all: GitHub has not been asked yet.
  const known = Object.keys(row.permissions).length > 0;
  // Organisations also need the members permission.
  const needed = [...requiredPermissions, ...(row.account_type === 'Organization' ? ['members'] : [])];
  const missing = known ? missingPermissions(needed, row.permissions) : [];
  const account =
    row.account_type === 'Organization' ? `/organizations/${encodeURIComponent(row.account_login)}` : '';
  const url = githubPages && `${githubPages.url}${account}/settings/installations/${row.id}`;
  const off = kindsOff(row.permissions, skippedKinds ?? new Set());
  return { ...row, missing_permissions: missing, kinds_off: off, settings_url: url ?? null };
}
