import { randomUUID } from 'node:crypto';
import { styleText } from 'node:util';
import { devToken } from './dev-token.js';
import { type Onlooker, Person } from './person.js';

/** Two people talk through a running stack; one is cut off, misses something, and catches up. */
const [argument] = process.argv.slice(2);
if (argument === '--help') {
  print(
    'usage: demo [URL]\n\nTwo people talk through a running Parlance. URL is its gateway; default http://127.0.0.1:3000.',
  );
  process.exit(0);
}
const gateway = (argument ?? 'http://127.0.0.1:3000').replace(/\/+$/, '');
try {
  await demonstrate(gateway);
} catch (error) {
  process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
process.exit();

async function demonstrate(url: string): Promise<void> {
  const run = randomUUID().slice(0, 8);
  const onlooker: Onlooker = {
    sees: (name, { messageId, senderId, content }) =>
      print(`  ${column(name)} sees  ${styleText('dim', `#${messageId}`)} ${plain(senderId)}: ${content}`),
    learns: (name, text) => print(`  ${column(name)} ${styleText('yellow', text)}`),
  };
  const meet = async (name: string): Promise<Person> =>
    new Person(name, url, await devToken(url, `${name}-${run}`), onlooker);
  const [ann, bob] = [await meet('ann'), await meet('bob')];

  title('1. Two people connect, one makes a room');
  await ann.connect();
  await bob.connect();
  const roomId = await ann.createRoom('Lunch', [`bob-${run}`]);
  print(`  ${column('ann')} made the room ${roomId}`);

  title('2. They talk. An ack comes after a majority of the database has the message');
  await say(ann, roomId, 'Shall we have lunch?', 'ann-1');
  await say(bob, roomId, 'Yes! Where?', 'bob-1');
  await Promise.all([ann.hasSeen(roomId, 2), bob.hasSeen(roomId, 2)]);

  title('3. Bob is cut off. Ann goes on');
  bob.vanish();
  await say(ann, roomId, 'The noodle place', 'ann-2');
  await say(ann, roomId, 'At noon', 'ann-3');

  title('4. Ann is not sure that her last message arrived, and sends it again with the same id');
  await say(ann, roomId, 'At noon', 'ann-3');

  title('5. Bob comes back and gets exactly what he missed');
  await bob.connect();
  await bob.hasSeen(roomId, 4);
  await say(bob, roomId, 'See you there', 'bob-2');
  await Promise.all([ann.hasSeen(roomId, 5), bob.hasSeen(roomId, 5)]);

  ann.leave();
  bob.leave();
  print(`\n${styleText('green', 'Five messages, ids 1 to 5, each seen once and in order by both.')}`);
}

async function say(person: Person, roomId: string, text: string, clientMessageId: string): Promise<void> {
  const startedAt = performance.now();
  const { messageId, deduplicated } = await person.say(roomId, text, clientMessageId);
  const took = `${(performance.now() - startedAt).toFixed(1)} ms`;
  const note = deduplicated ? styleText('green', ' (it was there: same id, nothing stored twice)') : '';
  print(
    `  ${column(person.name)} sends "${text}" ${styleText('cyan', `ack #${messageId}`)} ${styleText('dim', took)}${note}`,
  );
}

function plain(userId: string): string {
  return userId.replace(/-[^-]*$/, '');
}

function column(name: string): string {
  return styleText('bold', name.padEnd(4));
}

function title(text: string): void {
  print(`\n${styleText('bold', text)}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
