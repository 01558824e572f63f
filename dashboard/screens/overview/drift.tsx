import type { Health } from '../../../src/api/routes/health-schema.ts';
import { Card } from '../../ui/card.tsx';
import { formatShort } from '../../ui/format.ts';
import { Stat, Stats } from '../../ui/stat.tsx';
import { Time } from '../../ui/time.tsx';

/** What differed from GitHub in the last full comparison. */
export function Drift({ drift }: { drift: Health['drift'] }) {
  const { verified_at: at, rows_compared: rows, rows_healed: healed, oldest_unverified_at: oldest } = drift;
  return (
    <Card title="Drift" aside="last full comparison">
      {at === null ? (
        <p className="text-muted">
          Everything is compared in full once a day. That has not happened yet; “Verify everything” does it
          now.
        </p>
      ) : (
        <Stats>
          <Stat name="Rows that differed" note="repaired">
            {formatShort(healed)}
          </Stat>
          <Stat name="Rows compared">{formatShort(rows)}</Stat>
          <Stat
            name="Verified"
            note={
              oldest !== null && (
                <>
                  the oldest <Time value={oldest} />
                </>
              )
            }
          >
            <span className="text-base">
              <Time value={at} />
            </span>
          </Stat>
        </Stats>
      )}
    </Card>
  );
}
