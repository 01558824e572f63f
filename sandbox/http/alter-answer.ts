/** Faults that change what an answer holds: odd elements, elements that break their page, lists that are once empty. */
import type { FaultAction, Where } from '../faults/faults.ts';
import { deliveryJson, fromDeliveryJson } from '../webhooks/delivery-shape.ts';
import type { Answer } from './call.ts';
import { HttpError } from './http-error.ts';
import { isRecord } from '../world/is-record.ts';

const SOMETHING_WRONG =
  'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.';

type Element = Record<string, unknown>;

/** An element's place in an answer, and how to replace it. */
type Visit = (element: Element, path: (string | number)[]) => unknown;

/** The answer as the faults leave it. Throws HttpError 500 where one breaks it. */
export function alterAnswer(actions: FaultAction[], answer: Answer, graphql: boolean): Answer {
  const isAltered = actions.some(({ kind }) => kind === 'odd-element' || kind === 'broken-element');
  if (answer.json === undefined || !isAltered) return altered(actions, answer, graphql);
  // Numbers that JavaScript cannot hold are text in the meantime.
  const { json, ...rest } = answer;
  const { body, ...given } = altered(actions, { ...rest, body: fromDeliveryJson(json) }, graphql);
  return {
    ...given,
    json: deliveryJson(isRecord(body) ? body : Array.isArray(body) ? body.filter(isRecord) : {}),
  };
}

function altered(actions: FaultAction[], given: Answer, graphql: boolean): Answer {
  let answer = given;
  for (const action of actions) {
    if (action.kind === 'empty') answer = emptied(answer, graphql);
    if (action.kind === 'odd-element') {
      const { where, set = {}, omit = [] } = action;
      answer = eachElement(answer, graphql, (one) => (fits(one, where) ? odd(one, set, omit) : one));
    }
    if (action.kind === 'broken-element') answer = broken(answer, graphql, action.where);
  }
  return answer;
}

/** REST answers 500 for whatever holds the element; GraphQL null in its place, with an error. */
function broken(answer: Answer, graphql: boolean, where: Where): Answer {
  const errors: unknown[] = [];
  const changed = eachElement(answer, graphql, (element, path) => {
    if (!fits(element, where)) return element;
    if (!graphql) throw new HttpError(500, 'Server Error');
    errors.push({ path, message: SOMETHING_WRONG });
    return null;
  });
  if (errors.length === 0 || !isRecord(changed.body)) return changed;
  const told = changed.body['errors'];
  return { ...changed, body: { ...changed.body, errors: [...(Array.isArray(told) ? told : []), ...errors] } };
}

function fits(element: Element, where: Where): boolean {
  return Object.entries(where).every(([path, value]) => valueAt(element, path.split('.')) === value);
}

function valueAt(from: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) return from;
  return isRecord(from) ? valueAt(from[key], rest) : undefined;
}

/** A copy with fields (dotted paths) set and left out. */
function odd(element: Element, set: Record<string, unknown>, omit: string[]): Element {
  const changed = structuredClone(element);
  const parentOf = (path: string[]) => valueAt(changed, path.slice(0, -1));
  for (const [path, value] of Object.entries(set)) {
    const steps = path.split('.');
    const parent = parentOf(steps);
    if (isRecord(parent)) parent[steps.at(-1) ?? ''] = value;
  }
  for (const path of omit) {
    const steps = path.split('.');
    const parent = parentOf(steps);
    if (isRecord(parent)) Reflect.deleteProperty(parent, steps.at(-1) ?? '');
  }
  return changed;
}

/**
 * The answer with every element replaced by what `visit` makes of it. The elements of a REST answer are the object itself, the
 * items of a list, and those of a list beside its `total_count`; those of a GraphQL answer are its objects at any depth.
 */
function eachElement(answer: Answer, graphql: boolean, visit: Visit): Answer {
  const { body } = answer;
  if (graphql) {
    if (!isRecord(body) || !isRecord(body['data'])) return answer;
    return { ...answer, body: { ...body, data: inside(body['data'], visit, []) } };
  }
  const items = (list: unknown[]) =>
    list.map((one, at) => (isRecord(one) ? visit(one, [at]) : one)).filter((one) => one !== undefined);
  if (Array.isArray(body)) return { ...answer, body: items(body) };
  if (!isRecord(body)) return answer;
  if (typeof body['total_count'] !== 'number') return { ...answer, body: visit(body, []) };
  const lists = Object.entries(body).map(([key, value]) => [
    key,
    Array.isArray(value) ? items(value) : value,
  ]);
  return { ...answer, body: Object.fromEntries(lists) };
}

function inside(value: unknown, visit: Visit, path: (string | number)[]): unknown {
  if (Array.isArray(value)) return value.map((one, at) => inside(one, visit, [...path, at]));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, one]) => [key, inside(one, visit, [...path, key])]);
  const rebuilt: Element = Object.fromEntries(entries);
  return path.length === 0 ? rebuilt : visit(rebuilt, path);
}

/** As if there were nothing: no items, no further pages, a count of none. */
function emptied(answer: Answer, graphql: boolean): Answer {
  if (graphql)
    return eachElement(answer, true, (one) => (Array.isArray(one['nodes']) ? emptyConnection(one) : one));
  const { link: _link, ...headers } = answer.headers ?? {};
  if (answer.json !== undefined) return { ...answer, headers, json: '[]' };
  const { body } = answer;
  if (Array.isArray(body)) return { ...answer, headers, body: [] };
  if (!isRecord(body) || typeof body['total_count'] !== 'number') return answer;
  const lists = Object.entries(body).map(([key, value]) => [key, Array.isArray(value) ? [] : value]);
  return { ...answer, headers, body: { ...Object.fromEntries(lists), total_count: 0 } };
}

function emptyConnection(connection: Element): Element {
  const info = connection['pageInfo'];
  const nowhere = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
  return {
    ...connection,
    nodes: [],
    ...('edges' in connection && { edges: [] }),
    ...('totalCount' in connection && { totalCount: 0 }),
    ...(isRecord(info) && {
      pageInfo: Object.fromEntries(Object.entries(nowhere).filter(([key]) => key in info)),
    }),
  };
}
