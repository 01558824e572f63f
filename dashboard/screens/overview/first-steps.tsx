import { Boxes } from 'lucide-react';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Page } from '../../ui/page.tsx';

/** Before the first installation: how to come to one. */
export function FirstSteps() {
  return (
    <Page title="Overview">
      <Card>
        <EmptyState icon={Boxes} title="No installation yet">
          <p>
            Install the GitHub App on an account: on its settings page, under “Install App”. Its repositories
            appear here within seconds, and fill while you watch.
          </p>
          <p className="mt-2">
            Nothing configured? <code className="font-mono">npm start</code> without an App brings a sandbox
            GitHub, in which an invented team works, and installs the App there by itself;{' '}
            <code className="font-mono">npm run setup</code> makes an App of your own.
          </p>
        </EmptyState>
      </Card>
    </Page>
  );
}
