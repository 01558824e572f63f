import { Boxes } from 'lucide-react';
import type { InstallationPage } from '../../../src/api/routes/dashboard/schemas.ts';
import { useApi, withQuery } from '../../api/use-api.ts';
import { useFilters } from '../../api/use-filters.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { plural } from '../../ui/format.ts';
import { InstallApp } from '../../ui/install-app.tsx';
import { Page } from '../../ui/page.tsx';
import { Pager } from '../../ui/pager.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { InstallationCard } from './installation-card.tsx';

export default function Installations() {
  const { cursor, go } = useFilters();
  const page = useApi<InstallationPage>(withQuery('/api/dashboard/installations/', { limit: 24, cursor }), {
    keep: true,
  });
  return (
    <Page title="Installations" summary="Accounts that the App is installed on.">
      <QueryView query={page} lines={8}>
        {({ installations, next }) =>
          installations.length === 0 && cursor === '' ? (
            <Card>
              <EmptyState icon={Boxes} title="No installation yet">
                <InstallApp>
                  The import begins with the delivery that tells of it, or with the next sweep.
                </InstallApp>
              </EmptyState>
            </Card>
          ) : (
            <>
              <ul className="grid gap-4 md:grid-cols-2">
                {installations.map((installation) => (
                  <InstallationCard key={installation.id} installation={installation} />
                ))}
              </ul>
              {(next !== null || cursor !== '') && (
                <div className="mt-4">
                  <Pager
                    shown={plural(installations.length, 'installation')}
                    cursor={cursor}
                    next={next}
                    go={go}
                  />
                </div>
              )}
            </>
          )
        }
      </QueryView>
    </Page>
  );
}
