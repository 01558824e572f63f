/** How Node runs the roles, as in `package.json`, `Dockerfile` and `docker-compose.yml` (`process/small-young-generation.ts`). */
export const nodeFlags = {
  api: ['--min-semi-space-size=8', '--max-semi-space-size=8'],
  worker: ['--max-semi-space-size=4'],
} as const;
