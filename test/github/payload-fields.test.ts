import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { entities } from '../../src/entities/index.ts';
import { isAsDescribed, readRepositoryPayload } from '../../src/github/payloads/payloads.ts';
import { examples, type Example } from '../support/examples.ts';
import { readOpenApi } from '../sandbox/openapi.ts';

type Fields = Record<string, unknown>;
const openapi = readOpenApi();

/** What a field may be turned into: none of them is what GitHub showed. */
const turns: readonly unknown[] = [null, 7, -1, '', 'odd', true, [], [null], {}, { id: 'x' }];
const ABSENT = Symbol('absent');

/** Every way in which one field of the object, or of an object directly within it, is another. */
function* variants(shown: Fields, path: readonly string[] = []): Generator<{ path: string; shown: Fields }> {
  for (const [field, value] of Object.entries(shown)) {
    const at = [...path, field];
    for (const turn of [ABSENT, ...turns]) {
      const { [field]: _former, ...rest } = shown;
      const turned = turn === ABSENT ? rest : { ...shown, [field]: turn };
      yield { path: `${at.join('.')} ${turn === ABSENT ? 'absent' : JSON.stringify(turn)}`, shown: turned };
    }
    if (path.length === 0 && isFields(value))
      for (const inner of variants(value, at)) yield { ...inner, shown: { ...shown, [field]: inner.shown } };
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function schemaOf({ name, payload }: Example): string {
  const action = payload['action'];
  return typeof action === 'string' ? `${name.replaceAll('_', '-')}-${action.replaceAll('_', '-')}` : name;
}

/** What GitHub's schema says against such a delivery, beyond what it says against its own example. */
function isForbidden(example: Example, field: string, shown: Fields): boolean {
  const faultsOf = (payload: Fields) => openapi.delivery(schemaOf(example), payload).split('\n');
  const known = faultsOf(example.payload);
  return faultsOf({ ...example.payload, [field]: shown }).some(
    (fault) => fault !== '' && !known.includes(fault),
  );
}

/** Whether a row says anything else; a column that a payload may leave out says nothing where it does. */
function isAnother(turned: Fields, row: Fields, partial: readonly string[]): boolean {
  return Object.entries({ ...row, ...turned }).some(
    ([column, value]) =>
      !isDeepStrictEqual(value, row[column]) && !(value === undefined && partial.includes(column)),
  );
}

const described = entities.flatMap((entity) =>
  Object.entries(entity.events).map(([event, { subject }]) => ({ event, subject, entity })),
);

describe('a field with a value that GitHub never sends', () => {
  it.each(described.filter(({ entity }) => entity.name !== 'pull_request_review_threads'))(
    'is not trusted in $event',
    ({ event, subject, entity }) => {
      const example = examples.find(
        ({ name, payload }) => name === event && isAsDescribed(entity, payload[subject]),
      );
      const shown = example?.payload[subject];
      if (example === undefined || !isFields(shown)) throw new Error(`no example of ${event}`);
      const row = entity.row.parse(shown);
      const believed = [...variants(shown)].filter((one) => {
        const turned = entity.row.safeParse(one.shown).data;
        const changesRow = turned !== undefined && isAnother(turned, row, entity.partial);
        return changesRow && isAsDescribed(entity, one.shown) && isForbidden(example, subject, one.shown);
      });
      expect(believed.map(({ path }) => path)).toEqual([]);
    },
  );

  it('is not trusted in a repository', () => {
    const example = examples.find(({ name }) => name === 'issues');
    const shown = example?.payload['repository'];
    if (example === undefined || !isFields(shown)) throw new Error('no example');
    const row = readRepositoryPayload({ repository: shown })?.row;
    const believed = [...variants(shown)].filter((one) => {
      const turned = readRepositoryPayload({ repository: one.shown });
      const changesRow = turned !== null && turned.whole && !isDeepStrictEqual(turned.row, row);
      return changesRow && turned.isAsDescribed && isForbidden(example, 'repository', one.shown);
    });
    expect(believed.map(({ path }) => path)).toEqual([]);
  });
});

describe('a payload that GitHub publishes as an example', () => {
  it.each(described)('of $event is trusted', ({ event, subject, entity }) => {
    const own = examples.filter(({ name }) => name === event);
    const doubted = own.filter(({ payload }) => !isAsDescribed(entity, payload[subject]));
    // Two of issues show no state, and two that they are closed without a reason.
    expect(doubted.length).toBe(event === 'issues' ? 4 : 0);
  });
});
