/** What GitHub is asked for, the most urgent first. */
export const purposes = ['people', 'webhooks', 'imports', 'sweeps', 'verification'] as const;
export type Purpose = (typeof purposes)[number];

/**
 * The share of a budget that each leaves to those before it. Of the 5,000 requests an hour that an installation has at least
 * (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api): 25 for what a person asks for, who
 * waits (a comparison after 27 changes takes 25, `npm run bench -- real-life`); 100 for deliveries (a push asks 1 or 2, and
 * most other events nothing); 200 with new repositories (5 each where they are small); 500 with the sweeps of an hour
 * before anything is verified (four of 1,000 repositories, 23 requests each, and 2 for each repository that changed).
 */
const LEFT: Readonly<Record<Purpose, number>> = {
  people: 0,
  webhooks: 0.005,
  imports: 0.02,
  sweeps: 0.04,
  verification: 0.1,
};

/** How many of so many requests (points) are not for this purpose. */
export function keptFrom(purpose: Purpose, limit: number | null): number {
  return Math.floor((limit ?? 0) * LEFT[purpose]);
}
