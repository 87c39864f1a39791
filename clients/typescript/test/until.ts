import type { ClientEventMap, ParlanceClient } from '../src/index.js';

/** Resolves with what `look` finds, asked now and after every event of the client. */
export function until<Found>(
  client: ParlanceClient,
  look: () => Found | undefined | false,
  events: readonly (keyof ClientEventMap)[] = ['room', 'rooms', 'message', 'typing', 'state'],
): Promise<Found> {
  return new Promise((resolve) => {
    const offs: (() => void)[] = [];
    const ask = (): void => {
      const found = look();
      if (found === undefined || found === false) return;
      for (const off of offs) off();
      resolve(found);
    };
    for (const event of events) offs.push(client.on(event, ask));
    ask();
  });
}
