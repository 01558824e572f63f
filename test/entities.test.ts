import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { entities } from '../src/entities/index.ts';
import { workedEvents } from '../src/deliveries/events.ts';
import { openTestRows, type TestRows } from './support/rows.ts';

const columnRows = z.array(z.object({ name: z.string(), nullable: z.boolean() }));

let test: TestRows;

beforeAll(async () => {
  test = await openTestRows();
});
afterAll(() => test.close());

const reference = await readFile(new URL('../docs/reference.md', import.meta.url), 'utf8');

describe.each(entities.map((entity) => [entity.name, entity] as const))(
  'the description of %s',
  (name, entity) => {
    it('has a table with its columns and their nullability', async () => {
      const rows = columnRows.parse(
        await test.rows(
          `select column_name as name, is_nullable = 'YES' as nullable from information_schema.columns
         where table_schema = 'public' and table_name = '${name}'`,
        ),
      );
      const nullable = new Map(rows.map((row) => [row.name, row.nullable]));
      for (const [column, type] of Object.entries(entity.columns)) {
        expect([column, nullable.get(column)]).toEqual([column, type.endsWith('?')]);
      }
      expect(nullable.get('repository_id')).toBe(false);
      expect(nullable.get('deleted_at')).toBe(true);
      expect(nullable.has('author_id')).toBe(entity.authored);
      expect(nullable.has('deleted_reason')).toBe(entity.deletedReasons);
    });

    it('has a key, a clock and partial columns of its own', () => {
      const own = [...Object.keys(entity.columns), 'repository_id'];
      expect(own).toEqual(expect.arrayContaining([...entity.key, ...entity.partial]));
      if (entity.clock !== null) expect(entity.columns[entity.clock]).toBe('timestamptz');
    });

    it('belongs to described kinds that come before it', () => {
      const before = entities.slice(0, entities.indexOf(entity)).map((one) => one.name);
      expect(before).toEqual(expect.arrayContaining(entity.parents.map((parent) => parent.entity)));
    });

    it('refers to described kinds by columns of its own', () => {
      for (const { entity: kind, column } of entity.references) {
        expect(entities.map((one) => one.name)).toContain(kind);
        expect(Object.keys(entity.columns)).toContain(column);
      }
    });

    it('names only events that are processed', () => {
      expect(workedEvents).toEqual(expect.arrayContaining(Object.keys(entity.events)));
    });

    it('is documented in the reference', () => {
      expect(reference).toContain(`\`${name}\``);
    });
  },
);
