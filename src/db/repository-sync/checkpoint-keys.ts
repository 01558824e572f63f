import { sql, type RawBuilder } from 'kysely';

/** What the keys of further kinds begin with, and those of a full comparison end in. */
const FURTHER = 'further';
const WHOLE = 'all';
const LISTED = 'listed';
const COMPARED = 'done';

/**
 * The keys of `repository_sync.walks`. Keys and contents are stored: processes of one major version share them.
 * A comparison ends all of them except those of further kinds; a full comparison also ends those whose key ends
 * in `all`.
 */
export const checkpointKeys = {
  history: 'commits',
  branches: 'branches',
  /** the numbers of pull requests still to be requested because their base moved with a branch */
  rebased: 'rebased pull requests',
  /** the list of changes of a kind */
  changes: (kind: string) => kind,
  /** the complete list of a kind */
  whole: (kind: string) => `${kind} ${WHOLE}`,
  /** a kind was listed completely, and the rows missing from the list are still to be resolved */
  listed: (kind: string) => `${kind} ${LISTED}`,
  /** the list of a kind that is read instead of many single requests */
  asked: (kind: string) => `${kind} asked`,
  /** a full comparison has finished a kind */
  done: (kind: string) => `${kind} ${COMPARED}`,
  further: (list: string) => `${FURTHER} ${list}`,
  furtherWhole: (kind: string) => `${FURTHER} ${kind} ${WHOLE}`,
  details: {
    /** the lowest id whose detail was read, among all and among those that just changed */
    all: `${FURTHER} pull request details ${WHOLE}`,
    recent: `${FURTHER} pull request details young`,
    /** the same among those that changed earlier, while more remain unread than are recorded by number */
    old: `${FURTHER} pull request details old`,
    /** where a full comparison was cut off because GraphQL does not answer: what is below is read in later rounds */
    left: `${FURTHER} pull request details left`,
    /** all details were invalidated, so whatever has not been read yet is stale */
    missing: `${FURTHER} pull request details missing`,
  },
} as const;

/** In SQL: whether a key is that of a further kind. */
export function isOfFurtherKind(key: RawBuilder<unknown>) {
  return sql<boolean>`${key} like ${`${FURTHER} %`}::text`;
}

/** In SQL: whether a key is that of a list which only a full comparison reads. */
export function isOfWholeList(key: RawBuilder<unknown>) {
  return sql<boolean>`${key} like ${`% ${WHOLE}`}::text`;
}

/** In SQL: whether a key records what a full comparison has read. */
export function isOfFullComparison(key: RawBuilder<unknown>) {
  return sql<boolean>`(${isOfWholeList(key)} or ${key} like ${`% ${COMPARED}`}::text or ${key} like ${`% ${LISTED}`}::text)`;
}
