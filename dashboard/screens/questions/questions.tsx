import { Link, useLocation } from 'wouter';
import type { Questions as Answer } from '../../../src/api/routes/dashboard/question-schemas.ts';
import { useApi } from '../../api/use-api.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { Select } from '../../ui/select.tsx';
import { Question } from './question.tsx';

/** Questions that the mirror can answer, each with its query and its current answer. */
export default function Questions({ slug }: { slug: string | null }) {
  const [, navigate] = useLocation();
  const questions = useApi<Answer>('/api/dashboard/questions/');
  return (
    <Page
      title="SQL"
      summary="Questions that the mirror can answer. Copy the queries as you like; this page runs only these."
    >
      <QueryView query={questions} lines={10}>
        {({ questions: all }) => {
          const chosen = all.find((one) => one.slug === slug) ?? (slug === null ? all[0] : undefined);
          return (
            <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 lg:grid-cols-[18rem_minmax(0,1fr)]">
              <div className="lg:hidden">
                <Select
                  label="Question"
                  value={chosen?.slug ?? ''}
                  {...(chosen === undefined && { all: 'Choose a question' })}
                  options={all.map(({ slug: name, question }) => [name, question] as const)}
                  onChange={(name) => navigate(`/questions/${name}`)}
                />
              </div>
              <nav aria-label="Questions" className="hidden lg:block">
                <ul className="space-y-0.5">
                  {all.map(({ slug: name, question }) => (
                    <li key={name}>
                      <Link
                        href={`/questions/${name}`}
                        aria-current={name === chosen?.slug ? 'page' : undefined}
                        className={`block rounded-md px-2.5 py-1.5 text-[0.8125rem] ${
                          name === chosen?.slug
                            ? 'bg-raised font-medium'
                            : 'text-muted hover:bg-raised hover:text-fg'
                        }`}
                      >
                        {question}
                      </Link>
                    </li>
                  ))}
                </ul>
              </nav>
              {chosen === undefined ? (
                <p className="text-muted">There is no question with that name. Choose one from the list.</p>
              ) : (
                <Question key={chosen.slug} question={chosen} />
              )}
            </div>
          );
        }}
      </QueryView>
    </Page>
  );
}
