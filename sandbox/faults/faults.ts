/** Faults on demand: rules that break matching requests, and standing settings. */
import type { Random } from '../world/random.ts';

/** Which elements of an answer are meant: those whose fields (dotted paths) have these values. */
export type Where = Record<string, string | number | boolean | null>;

/** What a rule does to a request. */
export type FaultAction =
  | { kind: 'status'; status: number; message?: string; retryAfter?: number }
  | { kind: 'secondary'; retryAfter?: number; status?: number }
  | { kind: 'latency'; ms: number }
  | { kind: 'hang' }
  | { kind: 'reset' }
  | { kind: 'truncate' }
  | { kind: 'garble' }
  /** 502 when the request's page size (`per_page`, or the largest `first` of a GraphQL query) is larger. */
  | { kind: 'page-too-large'; above: number }
  /** 502 when a GraphQL query asks for more `totalCount`s: what makes real sweeps time out. */
  | { kind: 'too-many-counts'; above: number }
  /** GraphQL breaks off half-way: 200, partial data, `RESOURCE_LIMITS_EXCEEDED`. */
  | { kind: 'resource-limits' }
  /** GraphQL fails: 200, no data, "Something went wrong while executing your query". */
  | { kind: 'graphql-error' }
  /** An older server, whose schema lacks the field: no query that selects it is answered. */
  | { kind: 'undefined-field'; type: string; field: string }
  /** 401 "Bad credentials" with the budget of the anonymous caller, not of the installation. */
  | { kind: 'bad-credentials'; remaining?: number; resetIn?: number }
  /** A list that is once empty, without further pages. */
  | { kind: 'empty' }
  /** Headers that a proxy does not pass on, in lower case. */
  | { kind: 'omit-headers'; names: string[] }
  /** An element whose fields are set to something odd or left out. */
  | { kind: 'odd-element'; where: Where; set?: Record<string, unknown>; omit?: string[] }
  /** 500 for the element itself and for every page that holds it; in GraphQL null with an error. */
  | { kind: 'broken-element'; where: Where };

interface FaultRule {
  id: number;
  action: FaultAction;
  /** A regular expression on `METHOD /path?query`; every request unless given. GraphQL requests have the query text appended. */
  match?: string;
  installationId?: number;
  /** How many requests it affects before it ends; unlimited unless given. */
  times?: number;
  /** How long it lasts; without end unless given. */
  seconds?: number;
  /** The share of matching requests that it affects; all unless given. */
  probability?: number;
}

export interface FaultSettings {
  /** Comment counts of issues lag by this many seconds. */
  commentLagSeconds: number;
  /** New tokens get 401 for this long. */
  freshTokenSeconds: number;
  /** The API shows the state of this many seconds ago. */
  staleSeconds: number;
  /** Which of the two APIs does: they are read from replicas of their own. */
  staleApi: 'both' | 'rest' | 'graphql';
  /** Every answer takes at least this long. */
  latencyMs: number;
}

interface FaultedRequest {
  method: string;
  url: string;
  installationId: number | null;
  /** The text of a GraphQL request. */
  query: string;
  pageSize: number;
  counts: number;
}

export interface Faults {
  settings: FaultSettings;
  add(rule: Omit<FaultRule, 'id'>): FaultRule;
  remove(id: number): void;
  list(): FaultRule[];
  clear(): void;
  /** The actions of the rules that match a request; counts it against their `times`. */
  strike(request: FaultedRequest): FaultAction[];
}

const CALM: FaultSettings = {
  commentLagSeconds: 0,
  freshTokenSeconds: 0,
  staleSeconds: 0,
  staleApi: 'both',
  latencyMs: 0,
};

/** No faults yet. */
export function createFaults(random: Random, settings: Partial<FaultSettings> = {}): Faults {
  let rules: FaultRule[] = [];
  let next = 1;
  const ends = new WeakMap<FaultRule, number>();
  function prune(): void {
    const now = Date.now();
    rules = rules.filter(
      (rule) => (rule.times === undefined || rule.times > 0) && (ends.get(rule) ?? Infinity) > now,
    );
  }
  const faults: Faults = {
    settings: { ...CALM, ...settings },
    add: (rule) => {
      const added = { ...rule, id: next++ };
      if (rule.match !== undefined) RegExp(rule.match);
      if (rule.seconds !== undefined) ends.set(added, Date.now() + rule.seconds * 1000);
      rules.push(added);
      return added;
    },
    remove: (id) => {
      rules = rules.filter((rule) => rule.id !== id);
    },
    list: () => {
      prune();
      return rules;
    },
    clear: () => {
      rules = [];
      faults.settings = { ...CALM };
    },
    strike: (request) => {
      prune();
      const struck = rules.filter((rule) => applies(rule, request, random));
      for (const rule of struck) if (rule.times !== undefined) rule.times -= 1;
      prune();
      return struck.map((rule) => rule.action);
    },
  };
  return faults;
}

function applies(rule: FaultRule, request: FaultedRequest, random: Random): boolean {
  if (rule.installationId !== undefined && rule.installationId !== request.installationId) return false;
  const text = `${request.method} ${request.url}${request.query && ` ${request.query}`}`;
  if (rule.match !== undefined && !new RegExp(rule.match, 's').test(text)) return false;
  const { action } = rule;
  if (action.kind === 'page-too-large' && request.pageSize <= action.above) return false;
  if (action.kind === 'too-many-counts' && request.counts <= action.above) return false;
  return rule.probability === undefined || random.chance(rule.probability);
}
