import { Agent, request } from 'node:http';

/** A delivery as GitHub sends it. */
export interface Delivery {
  headers: Record<string, string>;
  body: string;
}

export interface Posted {
  /** how long all took */
  ms: number;
  /** how long each took */
  each: number[];
}

/**
 * Sends deliveries concurrently, over connections that stay open.
 *
 * @param perSecond the most to send; as fast as they are answered unless given
 */
export async function postDeliveries(
  url: string,
  deliveries: readonly Delivery[],
  { width, perSecond }: { width: number; perSecond?: number },
): Promise<Posted> {
  const agent = new Agent({ keepAlive: true, maxSockets: width });
  const each: number[] = [];
  const begun = performance.now();
  let at = 0;
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let own = at++; own < deliveries.length; own = at++) {
        const delivery = deliveries[own];
        if (delivery === undefined) break;
        const due = perSecond === undefined ? 0 : begun + (own * 1000) / perSecond - performance.now();
        if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
        const sent = performance.now();
        await post(url, delivery, agent);
        each.push(performance.now() - sent);
      }
    }),
  );
  agent.destroy();
  return { ms: performance.now() - begun, each };
}

function post(url: string, { headers, body }: Delivery, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
      answer.resume();
      answer.on('end', () =>
        answer.statusCode === 202 ? resolve() : reject(new Error(`${url}: ${answer.statusCode}`)),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/**
 * Sends one as GitHub does, over a connection of its own.
 *
 * @returns the status of the answer; null when none came within `limitMs` or the connection was cut
 */
export async function offerDelivery(
  url: string,
  { headers, body }: Delivery,
  limitMs: number,
): Promise<number | null> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, connection: 'close' },
      body,
      signal: AbortSignal.timeout(limitMs),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return null;
  }
}
