import { Toast } from '@base-ui/react/toast';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { PulseProvider } from './api/pulse.tsx';
import { createQueryClient } from './api/query-client.ts';
import { ErrorBoundary } from './layout/error-boundary.tsx';
import { Layout } from './layout/layout.tsx';
import { Toasts } from './layout/toasts.tsx';
import { FailedScreen } from './screens/failed-screen.tsx';
import { Login } from './screens/login.tsx';
import { NotFound } from './screens/not-found.tsx';
import { Overview } from './screens/overview/overview.tsx';
import { Skeleton } from './ui/skeleton.tsx';

// The first screen is in the main bundle; each of the others is loaded when it is opened.
const Installations = lazy(() => import('./screens/installations/installations.tsx'));
const Installation = lazy(() => import('./screens/installation/installation.tsx'));
const Repositories = lazy(() => import('./screens/repositories/repositories.tsx'));
const Repository = lazy(() => import('./screens/repository/repository.tsx'));
const PullRequests = lazy(() => import('./screens/pull-requests/pull-requests.tsx'));
const Jobs = lazy(() => import('./screens/jobs/jobs.tsx'));
const Job = lazy(() => import('./screens/job/job.tsx'));
const Deliveries = lazy(() => import('./screens/deliveries/deliveries.tsx'));
const Delivery = lazy(() => import('./screens/delivery/delivery.tsx'));
const Questions = lazy(() => import('./screens/questions/questions.tsx'));

export function App() {
  const [locked, setLocked] = useState(false);
  const client = useMemo(() => createQueryClient(() => setLocked(true)), []);
  function unlock(): void {
    client.clear();
    setLocked(false);
  }
  if (locked) return <Login onSuccess={unlock} />;
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <Toast.Provider timeout={6000}>
          <PulseProvider>
            <Layout>
              <Shown />
            </Layout>
          </PulseProvider>
          <Toasts />
        </Toast.Provider>
      </QueryClientProvider>
    </CSPProvider>
  );
}

/** A screen that failed is discarded when the address changes. */
function Shown() {
  const [location] = useLocation();
  return (
    <ErrorBoundary place={location} fallback={<FailedScreen />}>
      <Suspense fallback={<Skeleton lines={8} />}>
        <Screens />
      </Suspense>
    </ErrorBoundary>
  );
}

function Screens() {
  return (
    <Switch>
      <Route path="/" component={Overview} />
      <Route path="/installations" component={Installations} />
      <Route path="/installations/:id">{({ id }) => <Installation key={id} id={id} />}</Route>
      <Route path="/repositories" component={Repositories} />
      <Route path="/repositories/:id">{({ id }) => <Repository key={id} id={id} />}</Route>
      <Route path="/pull-requests" component={PullRequests} />
      <Route path="/jobs" component={Jobs} />
      <Route path="/jobs/:id">{({ id }) => <Job key={id} id={id} />}</Route>
      <Route path="/deliveries" component={Deliveries} />
      <Route path="/deliveries/:guid">{({ guid }) => <Delivery key={guid} guid={guid} />}</Route>
      <Route path="/questions/:slug?">{({ slug }) => <Questions slug={slug ?? null} />}</Route>
      <Route component={NotFound} />
    </Switch>
  );
}
