import type { ParlanceClient, Participant } from '@parlance/client';
import { useClient } from '@parlance/react';
import { useEffect, useState } from 'preact/hooks';

const pageItems = 200;

/**
 * Everybody in a room with their roles, by user id; empty until they are told. Asked for anew when the room has changed, as its
 * `rev` says: roles are events of the room.
 */
export function useParticipants(roomId: string, rev: number): ReadonlyMap<string, Participant> {
  const client = useClient();
  const [shown, setShown] = useState<ReadonlyMap<string, Participant>>(new Map());
  useEffect(() => {
    let isWanted = true;
    // Without a connection they stay as they were; the room changes again when it is back.
    readAll(client, roomId).then(
      (all) => isWanted && setShown(all),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, [client, roomId, rev]);
  return shown;
}

async function readAll(client: ParlanceClient, roomId: string): Promise<ReadonlyMap<string, Participant>> {
  const all = new Map<string, Participant>();
  let cursor: string | undefined = '';
  while (cursor !== undefined) {
    const page = await client.listParticipants(roomId, { cursor, limit: pageItems });
    for (const participant of page.participants) all.set(participant.userId, participant);
    ({ cursor } = page);
  }
  return all;
}
