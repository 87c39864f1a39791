// `helm test`: two people talk through the gateway, by WebSocket and Socket.IO's own frames, so that it needs no library.
import { createHmac, randomUUID } from 'node:crypto';

const { GATEWAY_URL, JWT_SECRET, JWT_ISSUER, JWT_AUDIENCE, JWT_USER_CLAIM } = process.env;
if (!JWT_SECRET) {
  say('skipped: tokens are made elsewhere (auth.jwksUrl), so this test has none');
  process.exit(0);
}
setTimeout(() => fail('nothing more was heard for 60 s'), 60_000);
const run = randomUUID().slice(0, 8);
const [ann, bob] = await Promise.all([connect(`test-ann-${run}`), connect(`test-bob-${run}`)]);
const heard = bob.next('newMessage', ({ content }) => content === `hello ${run}`);
const room = await ann.ask('createRoom', { roomType: 'group', participants: [bob.user], metadata: { name: 'helm test' } });
const message = { roomId: room.roomId, content: `hello ${run}`, clientMessageId: randomUUID() };
const sent = await ann.ask('sendMessage', message);
const again = await ann.ask('sendMessage', message);
if (again.messageId !== sent.messageId) fail(`sent again it became message ${again.messageId}, after ${sent.messageId}`);
const received = await heard;
const messages = await bob.ask('getHistory', { roomId: room.roomId });
const found = messages.filter(({ content }) => content === message.content).length;
if (found !== 1) fail(`the history has it ${found} times`);
say(`${ann.user} sent message ${sent.messageId}, ${bob.user} heard it as ${received.messageId}, the history has it once`);
process.exit(0);

async function connect(user) {
  const socket = new WebSocket(`${GATEWAY_URL}/socket.io/?EIO=4&transport=websocket`);
  const acks = new Map();
  const waiting = [];
  let asked = 0;
  const { promise: joined, resolve } = Promise.withResolvers();
  socket.addEventListener('error', ({ message }) => fail(`${user}: ${message ?? 'the connection failed'}`));
  socket.addEventListener('close', ({ code }) => fail(`${user}: the connection ended with ${code}`));
  socket.addEventListener('message', ({ data }) => {
    if (data.startsWith('0')) socket.send(`40/chat,${JSON.stringify({ token: token(user) })}`);
    else if (data === '2') socket.send('3');
    else if (data.startsWith('40/chat,')) resolve();
    else if (data.startsWith('44/chat,')) fail(`${user} was refused: ${data.slice(8)}`);
    else if (data.startsWith('43/chat,')) {
      const [, id, body] = /^43\/chat,(\d+)(.*)$/s.exec(data);
      acks.get(Number(id))(JSON.parse(body)[0]);
    } else if (data.startsWith('42/chat,')) {
      const [event, payload] = JSON.parse(data.slice(8).replace(/^\d+/, ''));
      for (const each of waiting) if (each.event === event && each.fits(payload)) each.done(payload);
    }
  });
  await joined;
  return {
    user,
    next: (event, fits) => new Promise((done) => waiting.push({ event, fits, done })),
    async ask(event, payload) {
      const id = asked++;
      const answered = new Promise((done) => acks.set(id, done));
      socket.send(`42/chat,${id}${JSON.stringify([event, payload])}`);
      const answer = await answered;
      if (!answer.success) fail(`${event}: ${JSON.stringify(answer)}`);
      return answer.data;
    },
  };
}

function token(user) {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: user, [JWT_USER_CLAIM]: user, iss: JWT_ISSUER, aud: JWT_AUDIENCE, iat: now, exp: now + 300 };
  const text = [{ alg: 'HS256' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${createHmac('sha256', JWT_SECRET.split(',')[0]).update(text).digest('base64url')}`;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

function fail(reason) {
  say(`failed: ${reason}`);
  process.exit(1);
}
