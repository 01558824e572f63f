import { Client } from 'pg';
import { isConnectionEnded } from './database-errors.ts';
import { allowedStatementMs } from './allowed-statement-time.ts';

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
      // In place of an override, which would have to repeat the driver's overloads: they are passed through as they come.
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
        // Most often the server ended them all: one that lies in the pool may not know yet.
        if (isConnectionEnded(error)) onLost(this);
      });
    }
  };
}
