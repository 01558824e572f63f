import { Client } from 'pg';
import { isConnectionEnded } from './database-errors.ts';
import { allowedStatementMs } from './long-statement.ts';

/** What the pool's own sessions tell of themselves. */
interface Watch {
  /** milliseconds without an answer after which a session is treated as dead */
  answerMs: number;
  /** a session did not answer in time, or was lost */
  onLost: (client: Client) => void;
}

/**
 * The driver's client with a bound on every question. When the host of a database vanishes without a word, a question
 * on a connection from before is never answered, nor is it refused; the driver's own `query_timeout` rejects it but
 * keeps the connection, on which the next one then waits as long. Here the connection is destroyed, so that the pool
 * makes a new one.
 */
export function deadlineClient({ answerMs, onLost }: Watch): typeof Client {
  return class DeadlineClient extends Client {
    constructor(config?: ConstructorParameters<typeof Client>[0]) {
      super(config);
      this.on('error', () => onLost(this));
    }

    // oxlint-disable-next-line typescript/no-explicit-any -- the overloads of the driver are passed through
    override query(...args: any[]): any {
      // oxlint-disable-next-line typescript/unbound-method -- it is called on `this`
      const answer: unknown = Reflect.apply(super.query, this, args);
      if (!(answer instanceof Promise)) return answer;
      const timer = setTimeout(() => {
        const silent = Object.assign(new Error('PostgreSQL did not answer in time'), { code: 'ETIMEDOUT' });
        this.connection.stream.destroy(silent);
      }, allowedStatementMs() ?? answerMs);
      const stop = () => clearTimeout(timer);
      answer.then(stop, (error: unknown) => {
        stop();
        // Most often the server ended them all: one that lies in the pool may not know yet.
        if (isConnectionEnded(error)) onLost(this);
      });
      return answer;
    }
  };
}
