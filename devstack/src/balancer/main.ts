import { connect, createServer, type Socket } from 'node:net';
import { parseArgs } from 'node:util';

/**
 * One address in front of several: `main.js --port 3000 --targets 127.0.0.1:3001,127.0.0.1:3002`. Each TCP connection goes to
 * the next target in turn, or to the one after it where nobody listens; so what runs on one connection stays at one target.
 * On the loopback address only. Ends on SIGTERM.
 */
const { values } = parseArgs({ options: { port: { type: 'string' }, targets: { type: 'string' } } });
const targets = (values.targets ?? '').split(',');
let turn = 0;

createServer({ noDelay: true }, (client) => pass(client, turn++, 0)).listen(Number(values.port), '127.0.0.1', () =>
  process.stdout.write(`127.0.0.1:${values.port} stands for ${targets.join(', ')}\n`),
);
process.once('SIGTERM', () => process.exit(0));

function pass(client: Socket, first: number, tried: number): void {
  const [host = '', port = ''] = (targets[(first + tried) % targets.length] ?? '').split(':');
  const target = connect({ host, port: Number(port), noDelay: true });
  const refused = (): void => {
    if (tried + 1 < targets.length) pass(client, first, tried + 1);
    else client.destroy();
  };
  target.once('error', refused);
  target.once('connect', () => {
    target.off('error', refused);
    if (client.destroyed) return void target.destroy();
    for (const [one, other] of [
      [client, target],
      [target, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  });
  if (tried === 0) client.on('error', () => target.destroy());
}
