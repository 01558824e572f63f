import { defineEntity, p } from '@mikro-orm/core';
import { sqlTypeOf, type Columns, type SqlType } from '../../entities/columns.ts';
import type { Entity } from '../../entities/entity.ts';
import { Contributor } from './contributor.ts';
import { Repository } from './repository.ts';

const property = {
  bigint: () => p.bigint('number'),
  int: () => p.integer(),
  text: () => p.text(),
  'text[]': () => p.array(),
  boolean: () => p.boolean(),
  timestamptz: () => p.datetime(),
} as const satisfies Record<SqlType, () => unknown>;

/**
 * The ORM's entity for a described kind, with the same columns, so that they are declared in only one place.
 */
export function mikroEntity({ name, columns, key, authored, deletedReasons, parents }: Entity) {
  return defineEntity({
    name,
    tableName: name,
    properties: {
      ...propertiesOf(columns, key),
      repository: () => {
        const repository = p.manyToOne(Repository).deleteRule('cascade');
        return key.includes('repository_id') ? repository.primary() : repository;
      },
      ...Object.fromEntries(
        parents.flatMap(({ fills }) => (fills === undefined ? [] : [[fills, p.bigint('number')]])),
      ),
      ...(authored ? { author: () => p.manyToOne(Contributor).nullable() } : {}),
      deleted_at: p.datetime().nullable(),
      ...(deletedReasons ? { deleted_reason: p.text().nullable() } : {}),
    },
  });
}

function propertiesOf(columns: Columns, key: readonly string[]) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, column]) => {
      const made = property[sqlTypeOf(column)]();
      if (key.includes(name)) return [name, made.primary()];
      return [name, column.endsWith('?') ? made.nullable() : made];
    }),
  );
}
