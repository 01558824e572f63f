import { Boxes } from 'lucide-react';
import type { Health } from '../../../src/api/routes/health-schema.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { InstallApp } from '../../ui/install-app.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { awaySentence } from './health-sentence.ts';

/** Before the first installation: how to add one, and what would keep it from being mirrored. */
export function FirstSteps({ health }: { health: Health }) {
  const away = awaySentence(health.dependencies);
  return (
    <Page title="Overview">
      <div className="space-y-4">
        {away !== null && (
          <Notice tone="bad" title={away.says}>
            {away.advice}
          </Notice>
        )}
        <Card>
          <EmptyState icon={Boxes} title="No installation yet">
            <InstallApp>Its repositories appear here within seconds and fill as you watch.</InstallApp>
            <p className="mt-3">
              Nothing configured? <code className="font-mono">npm start</code> without an App starts a sandbox
              GitHub with an invented team and installs the App there;{' '}
              <code className="font-mono">npm run setup</code> creates an App of your own.
            </p>
          </EmptyState>
        </Card>
      </div>
    </Page>
  );
}
