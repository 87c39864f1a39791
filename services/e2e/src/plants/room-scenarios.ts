import { ParlanceError } from '@parlance/client';
import { type AskForChange, RecordedChanges } from '../clients/recorded-changes.js';
import { type ChangeKind, type ChangeKindName, type Changer, changeKinds } from '../faults/crowd/change-kinds.js';
import type { Scenario } from './scenario.js';
import type { Actor, Stage } from './stage.js';

/** Rounds of room changes by people at two gateways whose chat services change the same rooms. */
export const roomScenarios = {
  'admins-at-two-pods': roundsOf('two-admins', 10),
  'heirs-at-two-pods': roundsOf('owner-and-heir', 25),
  'full-at-two-pods': roundsOf('near-the-limit', 16),
} as const satisfies Record<string, Scenario>;

function roundsOf(name: ChangeKindName, rounds: number): Scenario {
  const kind: ChangeKind = changeKinds[name];
  return {
    what: `${kind.what}, each other one through another chat service`,
    stage: { gateways: 2, chatServices: 2, pinned: true },
    async run(stage, random) {
      const connecting = Array.from({ length: 8 }, (_, index) => stage.connect(`user-${index}`, index % 2));
      const people = (await Promise.all(connecting)).map((actor) => changerOf(stage, actor));
      for (let round = 0; round < rounds && !stage.signal.aborted; round++) {
        await kind.play({
          people,
          random,
          resides: () => undefined,
          visits: () => undefined,
          until: async (condition) => condition(),
        });
      }
    },
  };
}

function changerOf(stage: Stage, actor: Actor): Changer {
  const { clientId, userId, client } = actor;
  const ask: AskForChange = async (name, payload) => {
    const ack = await client.request(name, payload);
    if (ack.success) return ack.data;
    throw ParlanceError.fromServer(ack.error);
  };
  return {
    clientId,
    userId,
    changes: new RecordedChanges(userId, ask, (observation) => stage.record(observation)),
    holds: (roomId) => client.ready.rooms.some((room) => room.roomId === roomId),
    send: (roomId) => void stage.send(actor, roomId),
  };
}
