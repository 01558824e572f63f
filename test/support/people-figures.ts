/** A plain recount of `pull_request_metrics`, `review_load` and the figures of `repository_metrics` about people. */

export interface Person {
  id: number;
  login: string;
  type: string;
}

interface Written {
  pull: number;
  /** null: a deleted account */
  author: number | null;
  live: boolean;
}

interface Pull {
  id: number;
  repository: number;
  author: number | null;
  live: boolean;
  open: boolean;
  /** counts like any other: whoever asks for a review of a draft waits for it too */
  draft: boolean;
  createdAt: string;
  readyAt: string | null;
  mergedAt: string | null;
  firstCommitAt: string | null;
  additions: number | null;
  deletions: number;
  reviewers: string[];
  teams: string[];
}

export interface Team {
  pulls: Pull[];
  reviews: (Written & { at: string | null; state: string; sha: string | null })[];
  comments: (Written & { at: string })[];
  lineComments: Written[];
  threads: { pull: number; live: boolean; resolved: boolean }[];
  releases: { repository: number; live: boolean; publishedAt: string | null }[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export function pullRequestFigures(team: Team, people: readonly Person[]): object[] {
  return team.pulls.filter(({ live }) => live).map((pull) => figuresOf(pull, team, people));
}

function figuresOf(pull: Pull, team: Team, people: readonly Person[]) {
  const reviews = reviewsOf(pull, team, people);
  const conversation = human(of(pull, team.comments), people);
  const others = conversation.filter(({ author }) => author !== pull.author);
  const first = earliest([...reviews, ...others].map(({ at }) => at));
  return {
    pull_request_id: pull.id,
    repository_id: pull.repository,
    first_review_at: first,
    hours_to_first_review: first === null ? null : hours(pull.readyAt ?? pull.createdAt, first),
    first_approval_at: earliest(reviews.filter(({ state }) => state === 'APPROVED').map(({ at }) => at)),
    reviews: reviews.length,
    reviewers: new Set(reviews.map(({ author }) => author)).size,
    review_rounds: new Set(reviews.flatMap(({ sha }) => sha ?? [])).size,
    comments: conversation.length + human(of(pull, team.lineComments), people).length,
    unresolved_threads: of(pull, team.threads).filter(({ resolved }) => !resolved).length,
    size: pull.additions === null ? null : pull.additions + pull.deletions,
    hours_to_merge: pull.mergedAt === null ? null : hours(pull.createdAt, pull.mergedAt),
    coding_hours: pull.firstCommitAt === null ? null : hours(pull.firstCommitAt, pull.createdAt),
  };
}

export function repositoryFigures(id: number, team: Team, people: readonly Person[], now: number): object {
  const within = (time: string | null) => time !== null && Date.parse(time) > now - 90 * DAY;
  const pulls = team.pulls.filter(({ live, repository }) => live && repository === id);
  const figures = pulls.map((pull) => ({ ...pull, ...figuresOf(pull, team, people) }));
  const waits = figures.flatMap((one) =>
    within(one.first_review_at) ? (one.hours_to_first_review ?? []) : [],
  );
  const open = pulls.filter((pull) => pull.open);
  const releases = team.releases.filter(({ live, repository }) => live && repository === id);
  return {
    repository_id: id,
    median_hours_to_first_review_90d: median(waits),
    merged_without_review_90d: figures.filter((one) => within(one.mergedAt) && one.reviews === 0).length,
    open_review_requests: sum(open.map(({ reviewers, teams }) => reviewers.length + teams.length)),
    unresolved_threads: sum(figures.map((one) => one.unresolved_threads)),
    releases_90d: releases.filter(({ publishedAt }) => within(publishedAt)).length,
  };
}

/** Of the installation that all of the repositories belong to. */
export function reviewLoad(team: Team, people: readonly Person[], now: number): object[] {
  const pulls = team.pulls.filter(({ live }) => live);
  return people
    .filter((person) => !isBot(person))
    .map((person) => {
      const done = pulls
        .flatMap((pull) => reviewsOf(pull, team, people))
        .filter(({ author, at }) => author === person.id && at !== null && Date.parse(at) > now - 90 * DAY);
      const month = done.filter(({ at }) => Date.parse(at ?? '') > now - 30 * DAY);
      const asked = pulls.filter(
        (pull) =>
          pull.open && pull.reviewers.some((login) => login.toLowerCase() === person.login.toLowerCase()),
      );
      return {
        installation_id: 1,
        contributor_id: person.id,
        reviews_30d: month.length,
        reviews_90d: done.length,
        pull_requests_reviewed_90d: new Set(done.map(({ pull }) => pull)).size,
        open_review_requests: asked.length,
      };
    })
    .filter((row) => row.reviews_90d + row.open_review_requests > 0);
}

/** By people who are not its author; all deleted accounts are one. */
function reviewsOf(pull: Pull, team: Team, people: readonly Person[]): Team['reviews'] {
  return human(of(pull, team.reviews), people).filter(({ author }) => author !== pull.author);
}

function of<T extends { pull: number; live: boolean }>({ id }: Pull, rows: readonly T[]): T[] {
  return rows.filter(({ pull, live }) => live && pull === id);
}

function human<T extends { author: number | null }>(rows: readonly T[], people: readonly Person[]): T[] {
  return rows.filter(({ author }) => !people.some((one) => one.id === author && isBot(one)));
}

function isBot({ type, login }: Person): boolean {
  return type === 'Bot' || login.endsWith('[bot]');
}

function earliest(times: readonly (string | null)[]): string | null {
  return times.flatMap((time) => time ?? []).sort()[0] ?? null;
}

function hours(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / HOUR;
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)], sorted[Math.ceil(middle)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
