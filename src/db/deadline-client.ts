import { Client } from 'pg';
import { isConnectionEnded } from './database-errors.ts';
import { allowedStatementMs } from './allowed-statement-time.ts';

/** What the pool's own sessions report. */
interface Watch {
  /** milliseconds without an answer after which a session is considered dead */
  answerMs: number;
  /** a session did not answer in time, or was lost */
  onLost: (client: Client) => void;
}

/**
 * The driver's client with a time limit on every query. If the database's host vanishes, a query on an existing
 * connection is neither answered nor rejected. The driver's own `query_timeout` rejects it but keeps the
 * connection, and the next query on it waits as long. Here the connection is destroyed, so that the pool opens
 * a new one.
 */
export function deadlineClient({ answerMs, onLost }: Watch): typeof Client {
  return class DeadlineClient extends Client {
    constructor(config?: ConstructorParameters<typeof Client>[0]) {
      super(config);
      this.on('error', () => onLost(this));
      // Instead of an override, which would have to repeat the driver's overloads: arguments are passed
      // through.
      const send = this.query.bind(this);
      const query = (...question: unknown[]): unknown => {
        const answer: unknown = Reflect.apply(send, this, question);
        if (answer instanceof Promise) this.#bound(answer);
        return answer;
      };
      Object.assign(this, { query });
    }

    #bound(answer: Promise<unknown>): void {
      const timer = setTimeout(() => {
        const silent = Object.assign(new Error('PostgreSQL did not answer in time'), { code: 'ETIMEDOUT' });
        this.connection.stream.destroy(silent);
      }, allowedStatementMs() ?? answerMs);
      const stop = () => clearTimeout(timer);
      answer.then(stop, (error: unknown) => {
        stop();
        // Mostly the server has closed all of them: a pooled one may not have noticed yet.
        if (isConnectionEnded(error)) onLost(this);
      });
    }
  };
}
