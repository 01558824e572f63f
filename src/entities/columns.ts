/** PostgreSQL types that a column of GitHub's data has; `?` after it: nullable. */
export type SqlType = 'bigint' | 'int' | 'text' | 'text[]' | 'boolean' | 'timestamptz';
type Column = SqlType | `${SqlType}?`;
export type Columns = Readonly<Record<string, Column>>;

const sqlTypes: readonly SqlType[] = ['bigint', 'int', 'text', 'text[]', 'boolean', 'timestamptz'];

/** The PostgreSQL type of a column, whether nullable or not. */
export function sqlTypeOf(column: Column): SqlType {
  return sqlTypes.find((type) => column === type || column === `${type}?`) ?? 'text';
}

interface JavaScriptType {
  bigint: number;
  int: number;
  text: string;
  'text[]': string[];
  boolean: boolean;
  /** ISO 8601, UTC */
  timestamptz: string;
}

/** A row of GitHub's data in the shape of its columns. */
export type RowOf<C extends Columns> = {
  [Name in keyof C]: C[Name] extends `${infer T extends SqlType}?`
    ? JavaScriptType[T] | null
    : C[Name] extends SqlType
      ? JavaScriptType[C[Name]]
      : never;
};

/** A row whose columns of these names are undefined where an answer does not show them. */
export type Partially<Row, Names extends PropertyKey> = Omit<Row, Names> & {
  [Name in keyof Row & Names]?: Row[Name] | undefined;
};
