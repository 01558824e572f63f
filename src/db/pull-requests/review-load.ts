import { sql } from 'kysely';
import type { Sql } from '../orm.ts';

/** A row of the view `review_load`, with the person. */
export interface ReviewLoad {
  contributor_id: number;
  login: string | null;
  name: string | null;
  avatar_url: string | null;
  reviews_30d: number;
  reviews_90d: number;
  pull_requests_reviewed_90d: number;
  open_review_requests: number;
}

/** People of an installation who review or whose review is requested, most requests first. */
export async function listReviewLoad(db: Sql, installationId: number, limit: number): Promise<ReviewLoad[]> {
  const { rows } = await sql<ReviewLoad>`
    select l.contributor_id, c.login, c.name, c.avatar_url, l.reviews_30d, l.reviews_90d,
      l.pull_requests_reviewed_90d, l.open_review_requests
    from review_load l join contributors c on c.id = l.contributor_id
    where l.installation_id = ${installationId}
    order by l.open_review_requests desc, l.reviews_90d desc, l.contributor_id limit ${limit}`.execute(db);
  return rows;
}
