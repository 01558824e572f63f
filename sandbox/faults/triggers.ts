/** What happens at GitHub between two requests of the same reading: "after the second page of branches, delete one". */
interface Trigger {
  id: number;
  /** A regular expression on `METHOD /path?query`; GraphQL requests have the query text appended. */
  match: string;
  /** How many more matching requests are answered before it happens. */
  after: number;
  /** A control action by its name, and its input. */
  action: string;
  input: unknown;
}

export interface Triggers {
  add(trigger: Omit<Trigger, 'id'>): Trigger;
  remove(id: number): void;
  list(): Trigger[];
  clear(): void;
  /** Counts an answered request and returns what happens now, each only once. */
  answered(request: string): Trigger[];
}

/** None yet. */
export function createTriggers(): Triggers {
  let waiting: Trigger[] = [];
  let next = 1;
  return {
    add: (trigger) => {
      RegExp(trigger.match);
      const added = { ...trigger, id: next++ };
      waiting.push(added);
      return added;
    },
    remove: (id) => {
      waiting = waiting.filter((one) => one.id !== id);
    },
    list: () => waiting,
    clear: () => {
      waiting = [];
    },
    answered: (request) => {
      const counted = waiting.filter(({ match }) => new RegExp(match, 's').test(request));
      for (const one of counted) one.after -= 1;
      const due = counted.filter(({ after }) => after <= 0);
      waiting = waiting.filter((one) => !due.includes(one));
      return due;
    },
  };
}
