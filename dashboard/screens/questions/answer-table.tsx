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
  if (Array.isArray(value)) return value.join(', ');
  return <span dir="auto">{typeof value === 'string' ? value : JSON.stringify(value)}</span>;
}

/** PostgreSQL's `numeric` arrives as text. */
function isFigure(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value));
}
