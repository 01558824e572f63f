import { setTimeout as sleep } from 'node:timers/promises';
import type { Octokit } from '@octokit/core';
import { RequestError } from '@octokit/request-error';
import { graphqlErrors } from './graphql-errors.ts';

/**
 * Answers that an immediate retry does not cure: 409 is "Git Repository is empty", 429 a rate limit, the others
 * a refusal or an absence.
 */
const noCure = new Set([400, 401, 403, 404, 409, 410, 422, 429, 451]);
const RETRIES = 2;

/**
 * An Octokit plugin that retries after a 5xx, a broken connection, or GraphQL's own failure inside a 200: quick
 * retries, after which the error is the caller's. A request may set the number itself (`request.retries`).
 *
 * @param baseMs between two attempts: n² times this
 */
export function retryRequests(baseMs: number): (octokit: Octokit) => void {
  return (octokit) => {
    octokit.hook.wrap('request', async (request, options) => {
      const retries = Number(options.request['retries'] ?? RETRIES);
      for (let tries = 1; ; tries += 1) {
        try {
          const response = await request(options);
          const [failure] = graphqlErrors(response.data);
          if (failure === undefined || !isGraphqlFailure(failure.message)) return response;
          throw new RequestError(failure.message, 500, { request: options, response });
        } catch (error) {
          const isCurable = error instanceof RequestError && error.status >= 400 && !noCure.has(error.status);
          if (!isCurable || tries > retries) throw error;
          await sleep(tries ** 2 * baseMs);
        }
      }
    });
  };
}

function isGraphqlFailure(message: string): boolean {
  return message.includes('Something went wrong while executing your query');
}
