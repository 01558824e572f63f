import type { Answer, Questions } from '../../../src/api/routes/dashboard/question-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { Card } from '../../ui/card.tsx';
import { CodeBlock } from '../../ui/code-block.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatDuration, plural } from '../../ui/format.ts';
import { QueryView } from '../../ui/query-view.tsx';
import { AnswerTable } from './answer-table.tsx';

export function Question({ question }: { question: Questions['questions'][number] }) {
  const answer = useApi<Answer>(`/api/dashboard/questions/${question.slug}/`);
  const told = answer.data;
  return (
    <div className="min-w-0 space-y-4">
      <Card
        title={question.question}
        aside={
          <div className="-mr-3">
            <CopyButton text={question.sql} what="the query" />
          </div>
        }
      >
        {question.explanation !== '' && <p className="mb-3 text-muted">{question.explanation}</p>}
        <CodeBlock text={question.sql} />
      </Card>
      <Card
        title="Answer"
        aside={
          told &&
          `${plural(told.rows.length, 'row')}${told.truncated ? ', and more' : ''} in ${formatDuration(told.milliseconds)}`
        }
        flush
      >
        <QueryView query={answer}>{(shown) => <AnswerTable answer={shown} />}</QueryView>
      </Card>
    </div>
  );
}
