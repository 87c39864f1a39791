import type { Installation } from './installation.js';

/** Says PING to REDIS_NODES in plain, then by TLS without signing in, and prints both answers. */
const probe = `
const net = require('node:net');
const tls = require('node:tls');
const [host, port] = process.env.REDIS_NODES.split(':');
const ask = (open) => new Promise((done) => {
  let said = '';
  const socket = open({ host, port: Number(port), servername: host });
  const end = () => { socket.destroy(); done(said); };
  socket.on('data', (chunk) => { said += chunk; end(); }).on('error', end).on('close', end).setTimeout(5000, end);
  socket.write('PING\\r\\n');
});
ask(net.connect).then(async (plain) => console.log(JSON.stringify([plain, await ask(tls.connect)])));
`;

/** Asks Redis from a gateway's pod. Rejects unless it says nothing to who speaks in plain, and NOAUTH to who speaks TLS. */
export async function requireEncryptedRedis(installation: Installation): Promise<void> {
  const gateway = `deployment/${installation.release}-parlance-gateway`;
  const said = await installation.kubectl('exec', gateway, '--', '/nodejs/bin/node', '-e', probe);
  const [plain = '', encrypted = ''] = JSON.parse(said) as readonly string[];
  if (/PONG|NOAUTH/.test(plain) || !encrypted.startsWith('-NOAUTH'))
    throw new Error(`Redis says ${JSON.stringify(plain)} in plain and ${JSON.stringify(encrypted)} by TLS`);
}
