import type { Answer } from '../../../src/api/routes/dashboard/question-schemas.ts';
import { Cell, Row, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/;

export function AnswerTable({ answer }: { answer: Answer }) {
  if (answer.rows.length === 0) return <p className="px-4 pb-4 text-muted">Nothing now: no row fits.</p>;
  const isNumber = answer.columns.map((_, index) =>
    answer.rows.every((row) => row[index] === null || isFigure(row[index])),
  );
  return (
    <Table
      caption="Answer"
      columns={answer.columns.map((name, index) => ({
        name: name.replaceAll('_', ' '),
        right: isNumber[index] ?? false,
      }))}
    >
      {answer.rows.map((row, place) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows of a query have no name of their own
        <Row key={place}>
          {row.map((value, index) => (
            <Cell key={answer.columns[index]} right={isNumber[index] ?? false}>
              <Value value={value} />
            </Cell>
          ))}
        </Row>
      ))}
    </Table>
  );
}

function Value({ value }: { value: unknown }) {
  if (value === null || value === undefined) return <span className="text-muted">–</span>;
  if (typeof value === 'string' && MOMENT.test(value)) return <Time value={value} />;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (isFigure(value)) return String(value);
  if (Array.isArray(value)) return <Text value={value.join(', ')} />;
  return <Text value={typeof value === 'string' ? value : JSON.stringify(value)} />;
}

/** As wide as its text up to a limit: one long name must not push the other columns out of sight. */
function Text({ value }: { value: string }) {
  return (
    <span dir="auto" className="block w-max max-w-56 [overflow-wrap:anywhere] whitespace-normal sm:max-w-80">
      {value}
    </span>
  );
}

/** PostgreSQL's `numeric` arrives as text. */
function isFigure(value: unknown): value is number | string {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}
