import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../../deps.ts';
import { registerDeliveryPages } from './deliveries.ts';
import { registerInstallationPages } from './installations.ts';
import { registerJobPages } from './jobs.ts';
import { registerOverview } from './overview.ts';
import { registerPulse } from './pulse.ts';
import { registerQuestions } from './questions.ts';
import { registerRepositoryPages } from './repositories.ts';
import { registerVerification } from './verification.ts';

/**
 * What the dashboard's screens request besides the public API: one bounded answer for each part of a screen.
 * These routes change with the screens, so the API's description does not include them.
 */
export function registerDashboard(app: FastifyInstance, deps: ApiDeps): void {
  registerPulse(app, deps);
  registerOverview(app, deps);
  registerInstallationPages(app, deps);
  registerRepositoryPages(app, deps);
  registerJobPages(app, deps);
  registerDeliveryPages(app, deps);
  registerQuestions(app, deps);
  registerVerification(app, deps);
}
