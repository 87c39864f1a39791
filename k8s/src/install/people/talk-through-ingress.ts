import { randomUUID } from 'node:crypto';
import type { ChatMessage } from '@parlance/proto';
import { connectPerson, type IngressPlace, type Person } from './person.js';

/**
 * Two people talk by wss:// through the ingress: each sends, each hears the other, and the log has it all in order and once.
 * Answers what was seen, for people. Rejects when an answer does not come within two minutes or is another one.
 */
export async function talkThroughIngress(place: IngressPlace, messages: number): Promise<string> {
  const run = randomUUID().slice(0, 8);
  const people = await Promise.all(['ann', 'bob'].map((name) => connectPerson(`${name}-${run}`, place)));
  const [ann, bob] = people as [Person, Person];
  try {
    const { roomId } = (await ann.ask('createRoom', {
      roomType: 'group',
      participants: [bob.user],
      metadata: { name: 'Through the ingress' },
    })) as { readonly roomId: string };
    const heard = Promise.all(people.map((person) => person.hears(messages)));
    for (let index = 0; index < messages; index++) {
      const person = people[index % 2] as Person;
      await person.ask('sendMessage', { roomId, content: `${index}`, clientMessageId: randomUUID() });
    }
    for (const list of await heard) requireInOrder(list, messages);
    const kept = (await bob.ask('getHistory', { roomId })) as readonly ChatMessage[];
    requireInOrder(kept, messages);
    return `${messages} messages of two people, each heard by both and kept once, in order`;
  } finally {
    for (const person of people) person.leave();
  }
}

function requireInOrder(list: readonly ChatMessage[], count: number): void {
  const contents = list.map(({ content }) => content).join(' ');
  const wanted = Array.from({ length: count }, (_, index) => `${index}`).join(' ');
  if (contents !== wanted) throw new Error(`heard or kept was "${contents}" where "${wanted}" was sent`);
}
