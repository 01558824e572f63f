/** The purposes of requests to GitHub, most urgent first. */
export const purposes = ['people', 'webhooks', 'imports', 'sweeps', 'verification'] as const;
export type Purpose = (typeof purposes)[number];

/**
 * The share of a rate limit that each purpose leaves to more urgent ones. Out of at least 5,000 requests an
 * hour (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api): 25 for what a person
 * requested and waits for (a comparison after 27 changes takes 25, `npm run bench -- real-life`); 100 for
 * deliveries (a push needs 1 or 2, most other events none); 200 with new repositories (5 each if they are
 * small); 500 with an hour's sweeps, before anything is verified (four of 1,000 repositories, 23 requests each,
 * and 2 for each repository that changed).
 */
const LEFT: Readonly<Record<Purpose, number>> = {
  people: 0,
  webhooks: 0.005,
  imports: 0.02,
  sweeps: 0.04,
  verification: 0.1,
};

/** How many of this many requests (points) are reserved for other purposes. */
export function keptFrom(purpose: Purpose, limit: number | null): number {
  return Math.floor((limit ?? 0) * LEFT[purpose]);
}
