import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { mergePayloads, type Stored } from '../../src/sync/deliveries/merge-payloads.ts';

interface Row {
  id: number;
  number: number;
  updated_at: string;
  title: string;
}

const at = (second: number) => new Date(1_700_000_000_000 + second * 1000).toISOString();

/** Versions of a few rows: few ids and seconds, so that ties and repetitions are common. */
const row = fc
  .record({
    id: fc.integer({ min: 1, max: 3 }),
    second: fc.integer({ min: 0, max: 4 }),
    title: fc.constantFrom('a', 'b'),
  })
  .map(({ id, second, title }): Row => ({ id, number: id * 10, updated_at: at(second), title }));
const known = fc
  .uniqueArray(fc.tuple(row, fc.boolean()), { selector: ([{ id }]) => id, maxLength: 3 })
  .map(
    (list) => new Map(list.map(([one, deleted]): [number, Stored<Row>] => [one.id, { row: one, deleted }])),
  );
const through = fc.option(fc.integer({ min: 0, max: 5 }).map(at));

function outcome(rows: readonly Row[], stored: ReadonlyMap<number, Stored<Row>>, read: string | null) {
  const merged = mergePayloads(
    rows.map((one, index) => ({ guid: String(index), row: one })),
    stored,
    read,
  );
  const asked = [...merged.ask]
    .map(([number, { updated_at: time }]) => [number, time] as const)
    .sort(([a], [b]) => a - b);
  const certain = merged.write.filter(({ number }) => !merged.ask.has(number));
  return { asked, certain: certain.sort((a, b) => a.id - b.id), written: merged.write };
}

describe('mergePayloads', () => {
  it('has the same outcome in any order and with any repetition', () => {
    const shuffled = fc.array(row, { maxLength: 8 }).chain((rows) =>
      fc.record({
        rows: fc.constant(rows),
        other: fc.array(fc.nat({ max: Math.max(0, rows.length - 1) }), { maxLength: 6 }).chain((again) =>
          fc.shuffledSubarray([...rows, ...again.flatMap((index) => rows[index] ?? [])], {
            minLength: rows.length + (rows.length === 0 ? 0 : again.length),
          }),
        ),
      }),
    );
    fc.assert(
      fc.property(shuffled, known, through, ({ rows, other }, stored, read) => {
        const [one, two] = [outcome(rows, stored, read), outcome(other, stored, read)];
        expect(two.asked).toEqual(one.asked);
        expect(two.certain).toEqual(one.certain);
      }),
      { numRuns: 1000 },
    );
  });

  it('writes nothing older than the stored rows, nothing twice, and nothing that GitHub deleted', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), known, through, (rows, stored, read) => {
        const { written } = outcome(rows, stored, read);
        expect(new Set(written.map(({ id }) => id)).size).toBe(written.length);
        for (const one of written) {
          const before = stored.get(one.id);
          expect(before?.deleted ?? false).toBe(false);
          expect(one.updated_at > (before?.row.updated_at ?? '')).toBe(true);
          // Unknown although everything of its time was read: it may be gone since.
          if (before === undefined) expect(one.updated_at >= (read ?? '')).toBe(true);
        }
      }),
    );
  });

  it('decides on the newest version of each row: written, requested, or stored already', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 8 }), known, through, (rows, stored, read) => {
        const { asked, written } = outcome(rows, stored, read);
        for (const one of rows) {
          const before = stored.get(one.id);
          // What is marked as lost may be back: a delivery of it means a question.
          if (before?.deleted) {
            const isNews = one.updated_at >= before.row.updated_at;
            expect(asked.some(([number]) => number === one.number)).toBe(
              isNews || rows.some((row) => row.id === one.id && row.updated_at >= before.row.updated_at),
            );
            continue;
          }
          const best = written.find(({ id }) => id === one.id) ?? before?.row;
          const isAsked = asked.some(([number]) => number === one.number);
          expect(isAsked || (best !== undefined && best.updated_at >= one.updated_at)).toBe(true);
        }
      }),
    );
  });
});
