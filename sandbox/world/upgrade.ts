/** Worlds that were written to disk by an earlier version. */
import type { RepositoryState, WorldState } from './types.ts';

/** Fills in what is missing with its value in a new world. */
function fill<T extends object>(target: T, defaults: Partial<T>): void {
  for (const [key, value] of Object.entries(defaults)) {
    if (!(key in target)) Object.assign(target, { [key]: value });
  }
}

/** The state with all that this version knows of; changed in place. `repositoryState`: what resources keep in a new repository. */
export function upgrade(state: WorldState, repositoryState: () => RepositoryState): WorldState {
  fill(state, {
    teams: new Map(),
    unknowns: { resolvingMovesClock: false, threadsTellTime: true, emptyReviewsVanish: false },
  });
  fill(state.app, { olderKeys: [] });
  for (const network of state.networks.values()) fill(network, { tags: new Map() });
  for (const repository of state.repositories.values()) {
    fill(repository, repositoryState());
    const { createdAt } = repository;
    for (const label of repository.labels.values()) fill(label, { createdAt, updatedAt: createdAt });
    for (const issue of repository.issues.values()) {
      fill(issue, { milestoneId: null, type: null, parentNumber: null });
      if (!issue.pull) continue;
      fill(issue.pull, {
        reviewedAt: null,
        reviewComments: [],
        threads: [],
        requestedReviewerIds: [],
        requestedTeamIds: [],
        readyEvents: [],
      });
      for (const review of issue.pull.reviews) {
        const { submittedAt } = review;
        fill(review, { createdAt: submittedAt ?? createdAt, updatedAt: submittedAt ?? createdAt });
      }
    }
  }
  return state;
}
