#!/usr/bin/env bash
# NestJS: a class with @WebSocketGateway is served only when the container makes it itself. Given ready (`useValue`) or made by a
# factory (`useFactory`), its lifecycle hooks run and `app.get` answers it, but no socket is ever accepted, and nothing says so.
# Controllers and other providers do not mind how they come about.
#
# Expected: the same server for all three, or an error that names the provider.
# Seen:     an echo with the class as the provider, a refused connection with `useValue` and `useFactory`; onModuleInit is called each
#           time; the log says nothing.
# Way out:  the class itself as the provider, with ready objects for its constructor.
#
# Versions: @nestjs/core 12.5.1, @nestjs/websockets and platform-socket.io 12.1.1, socket.io-client 4.8.4. Needs Node 22 and npm.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund @nestjs/common@12.5.1 @nestjs/core@12.5.1 @nestjs/platform-express@12.5.1 \
  @nestjs/websockets@12.1.1 @nestjs/platform-socket.io@12.1.1 reflect-metadata@0.2.2 rxjs@7.8.2 socket.io-client@4.8.4

cat >gateways.mjs <<'JS'
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { io } from 'socket.io-client';

class Gateway {
  hooks = 0;
  onModuleInit() {
    this.hooks += 1;
  }
  echo(_client, text) {
    return { event: 'echo', data: text };
  }
}
SubscribeMessage('echo')(Gateway.prototype, 'echo', Object.getOwnPropertyDescriptor(Gateway.prototype, 'echo'));
WebSocketGateway()(Gateway);

async function tried(provider) {
  class App {}
  Module({ providers: [provider] })(App);
  const said = [];
  const note = (line) => said.push(line);
  const app = await NestFactory.create(App, { logger: { log() {}, error: note, warn: note } });
  await app.listen(0, '127.0.0.1');
  const socket = io(await app.getUrl(), { transports: ['websocket'], reconnection: false });
  const heard = await new Promise((resolve) => {
    socket.once('echo', (text) => resolve(`echo ${text}`));
    socket.once('connect', () => socket.emit('echo', 'hi'));
    socket.once('connect_error', () => resolve('refused'));
  });
  socket.close();
  const line = `${heard}, hooks ${app.get(Gateway).hooks}, warnings ${said.length}`;
  await app.close();
  return line;
}
console.log(`class: ${await tried(Gateway)}`);
console.log(`useValue: ${await tried({ provide: Gateway, useValue: new Gateway() })}`);
console.log(`useFactory: ${await tried({ provide: Gateway, useFactory: () => new Gateway() })}`);
process.exit(0);
JS
seen=$(node gateways.mjs)
echo "$seen"
was='class: echo hi, hooks 1, warnings 0
useValue: refused, hooks 1, warnings 0
useFactory: refused, hooks 1, warnings 0'
[ "$seen" = "$was" ] || { echo "CHANGED: it was"; echo "$was"; exit 1; }
