import { Installation } from './installation.ts';
import { Repository } from './repository.ts';
import { RepositorySync } from './repository-sync.ts';
import { Commit } from './commit.ts';
import { entities as described } from '../../entities/index.ts';
import { mikroEntity } from './mikro-entity.ts';
import { Contributor } from './contributor.ts';
import { ContributorEmail } from './contributor-email.ts';
import { RepositoryContributor } from './repository-contributor.ts';
import { SyncJob } from './sync-job.ts';
import { WebhookDelivery } from './webhook-delivery.ts';
import { RateLimit } from './rate-limit.ts';
import { ListedId } from './listed-id.ts';
import { SystemState } from './system-state.ts';

/** Every table of the mirror. */
export const entities = [
  Installation,
  Repository,
  RepositorySync,
  Commit,
  Contributor,
  ContributorEmail,
  RepositoryContributor,
  SyncJob,
  WebhookDelivery,
  RateLimit,
  ListedId,
  SystemState,
  ...described.map(mikroEntity),
] as const;
