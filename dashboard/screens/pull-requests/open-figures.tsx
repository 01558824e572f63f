import type { PullRequestWeeks } from '../../api/analytics.ts';
import { Card } from '../../ui/card.tsx';
import { formatShort, plural } from '../../ui/format.ts';
import { Stat, Stats } from '../../ui/stat.tsx';
import { Age } from '../../ui/time.tsx';

/** What is open now, and what it is waiting for. */
export function OpenFigures({ now }: { now: PullRequestWeeks['now'] }) {
  return (
    <Card title="Open now">
      <Stats>
        <Stat name="Open" note={`${plural(now.drafts, 'draft')} among them`}>
          {formatShort(now.open)}
        </Stat>
        <Stat name="Waiting for a first review" note="without drafts">
          {formatShort(now.waiting_for_first_review)}
        </Stat>
        <Stat name="Longest waiting" note="for a first review">
          {now.longest_waiting_since === null ? '–' : <Age since={now.longest_waiting_since} />}
        </Stat>
        <Stat name="Unresolved" note="review conversations">
          {formatShort(now.unresolved_threads)}
        </Stat>
        <Stat name="Review requests" note="to people and teams">
          {formatShort(now.open_review_requests)}
        </Stat>
      </Stats>
    </Card>
  );
}
