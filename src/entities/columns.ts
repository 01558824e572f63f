/** The PostgreSQL types of columns for GitHub's data; a trailing `?` means nullable. */
export type SqlType = 'bigint' | 'int' | 'text' | 'text[]' | 'boolean' | 'timestamptz';
type Column = SqlType | `${SqlType}?`;
export type Columns = Readonly<Record<string, Column>>;

const sqlTypes: readonly SqlType[] = ['bigint', 'int', 'text', 'text[]', 'boolean', 'timestamptz'];

/** The PostgreSQL type of a column, without its nullability. */
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

/** The row type that belongs to a set of columns. */
export type RowOf<C extends Columns> = {
  [Name in keyof C]: C[Name] extends `${infer T extends SqlType}?`
    ? JavaScriptType[T] | null
    : C[Name] extends SqlType
      ? JavaScriptType[C[Name]]
      : never;
};

/** A row whose columns of these names are undefined if an answer does not contain them. */
export type Partially<Row, Names extends PropertyKey> = Omit<Row, Names> & {
  [Name in keyof Row & Names]?: Row[Name] | undefined;
};
