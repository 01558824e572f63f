import { boundLocks } from './bound-locks.ts';
import { V10001Tables } from './v1-0001-tables.ts';
import { V10002Totals } from './v1-0002-totals.ts';
import { V10003Views } from './v1-0003-views.ts';
import { V10004UnboundedTexts } from './v1-0004-unbounded-texts.ts';
import { V10006DeliveryRetries } from './v1-0006-delivery-retries.ts';
import { V10007Evidence } from './v1-0007-evidence.ts';
import { V10008DeliveryFilters } from './v1-0008-delivery-filters.ts';
import { V10009QueueOrder } from './v1-0009-queue-order.ts';
import { V10010FurtherKinds } from './v1-0010-further-kinds.ts';
import { V10013WorkedDeliveries } from './v1-0013-worked-deliveries.ts';
import { V10014ReviewsAndReleases } from './v1-0014-reviews-and-releases.ts';
import { V10015ReviewViews } from './v1-0015-review-views.ts';
import { V10017PeopleFigures } from './v1-0017-people-figures.ts';
import { V10018CommentCounts } from './v1-0018-comment-counts.ts';
import { V10019UnreadElements } from './v1-0019-unread-elements.ts';
import { V10023AnalyticsOfMany } from './v1-0023-analytics-of-many.ts';
import { V10024JobFilters } from './v1-0024-job-filters.ts';
import { V10025ReviewIndexes } from './v1-0025-review-indexes.ts';
import { V10026ReviewFigures } from './v1-0026-review-figures.ts';
import { V10027CountLater } from './v1-0027-count-later.ts';
import { V10034FairTeamHealth } from './v1-0034-fair-team-health.ts';
import { V10037FirstReviews } from './v1-0037-first-reviews.ts';
import { V10038FirstReviewFigures } from './v1-0038-first-review-figures.ts';
import { V10039ErrorsByCode } from './v1-0039-errors-by-code.ts';
import { V10044TeamFigures } from './v1-0044-team-figures.ts';
import { V10045PullRequestFigures } from './v1-0045-pull-request-figures.ts';
import { V10046OpenPullRequests } from './v1-0046-open-pull-requests.ts';
import { V10047KeptFigures } from './v1-0047-kept-figures.ts';
import { V10050CountAddedLater } from './v1-0050-count-added-later.ts';
import { V10051WithoutGraphql } from './v1-0051-without-graphql.ts';
import { V10053ReviewedPullRequests } from './v1-0053-reviewed-pull-requests.ts';
import { V10054PlainHours } from './v1-0054-plain-hours.ts';
import { V10055StaleDetails } from './v1-0055-stale-details.ts';
import { V10056MilestonesOfIssues } from './v1-0056-milestones-of-issues.ts';
import { V10057JobDurations } from './v1-0057-job-durations.ts';
import { V10058DurationsOfEndedJobs } from './v1-0058-durations-of-ended-jobs.ts';
import { V10063RemovedRepositories } from './v1-0063-removed-repositories.ts';
import { V10064JobsOfADay } from './v1-0064-jobs-of-a-day.ts';
import { V10070DurationsOfInsertedJobs } from './v1-0070-durations-of-inserted-jobs.ts';
import { V10071UniqueNames } from './v1-0071-unique-names.ts';
import { V10072FiguresOfAllPullRequests } from './v1-0072-figures-of-all-pull-requests.ts';
import { V10073PlainMetrics } from './v1-0073-plain-metrics.ts';
import { V10076StandingOfInstallations } from './v1-0076-standing-of-installations.ts';

const migrations = [
  { name: 'v1-0001-tables', class: V10001Tables },
  { name: 'v1-0002-totals', class: V10002Totals },
  { name: 'v1-0003-views', class: V10003Views },
  { name: 'v1-0004-unbounded-texts', class: V10004UnboundedTexts },
  { name: 'v1-0006-delivery-retries', class: V10006DeliveryRetries },
  { name: 'v1-0007-evidence', class: V10007Evidence },
  { name: 'v1-0008-delivery-filters', class: V10008DeliveryFilters },
  { name: 'v1-0009-queue-order', class: V10009QueueOrder },
  { name: 'v1-0010-further-kinds', class: V10010FurtherKinds },
  { name: 'v1-0013-worked-deliveries', class: V10013WorkedDeliveries },
  { name: 'v1-0014-reviews-and-releases', class: V10014ReviewsAndReleases },
  { name: 'v1-0015-review-views', class: V10015ReviewViews },
  { name: 'v1-0017-people-figures', class: V10017PeopleFigures },
  { name: 'v1-0018-comment-counts', class: V10018CommentCounts },
  { name: 'v1-0019-unread-elements', class: V10019UnreadElements },
  { name: 'v1-0023-analytics-of-many', class: V10023AnalyticsOfMany },
  { name: 'v1-0024-job-filters', class: V10024JobFilters },
  { name: 'v1-0025-review-indexes', class: V10025ReviewIndexes },
  { name: 'v1-0026-review-figures', class: V10026ReviewFigures },
  { name: 'v1-0027-count-later', class: V10027CountLater },
  { name: 'v1-0034-fair-team-health', class: V10034FairTeamHealth },
  { name: 'v1-0037-first-reviews', class: V10037FirstReviews },
  { name: 'v1-0038-first-review-figures', class: V10038FirstReviewFigures },
  { name: 'v1-0039-errors-by-code', class: V10039ErrorsByCode },
  { name: 'v1-0044-team-figures', class: V10044TeamFigures },
  { name: 'v1-0045-pull-request-figures', class: V10045PullRequestFigures },
  { name: 'v1-0046-open-pull-requests', class: V10046OpenPullRequests },
  { name: 'v1-0047-kept-figures', class: V10047KeptFigures },
  { name: 'v1-0050-count-added-later', class: V10050CountAddedLater },
  { name: 'v1-0051-without-graphql', class: V10051WithoutGraphql },
  { name: 'v1-0053-reviewed-pull-requests', class: V10053ReviewedPullRequests },
  { name: 'v1-0054-plain-hours', class: V10054PlainHours },
  { name: 'v1-0055-stale-details', class: V10055StaleDetails },
  { name: 'v1-0056-milestones-of-issues', class: V10056MilestonesOfIssues },
  { name: 'v1-0057-job-durations', class: V10057JobDurations },
  { name: 'v1-0058-durations-of-ended-jobs', class: V10058DurationsOfEndedJobs },
  { name: 'v1-0063-removed-repositories', class: V10063RemovedRepositories },
  { name: 'v1-0064-jobs-of-a-day', class: V10064JobsOfADay },
  { name: 'v1-0070-durations-of-inserted-jobs', class: V10070DurationsOfInsertedJobs },
  { name: 'v1-0071-unique-names', class: V10071UniqueNames },
  { name: 'v1-0072-figures-of-all-pull-requests', class: V10072FiguresOfAllPullRequests },
  { name: 'v1-0073-plain-metrics', class: V10073PlainMetrics },
  { name: 'v1-0076-standing-of-installations', class: V10076StandingOfInstallations },
];

/**
 * Every migration in order. A name starts with the schema's major version: a process runs on a schema that is
 * newer than itself as long as the major is its own (expand, then contract), and refuses an older one.
 */
export const migrationsList = migrations.map((one) => ({ name: one.name, class: boundLocks(one.class) }));
