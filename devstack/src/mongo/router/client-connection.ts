import type { Socket } from 'node:net';
import { BSON, type Document } from 'mongodb';
import { reasonOf } from '../../reason-of.js';
import type { ClusterServers } from './cluster-servers.js';
import { isStale } from './commands/ask-servers.js';
import { type CommandHandler, CommandRequest } from './commands/command-request.js';
import { killTaggedCursors } from './commands/kill-cursors.js';
import { monitorPatienceMs } from './commands/own-commands.js';
import { countPipeline, distinctPipeline, routedForm, sharedOptions } from './commands/read-commands.js';
import { refuseCommand } from './commands/refuse-command.js';
import type { CursorTags } from './cursor-tags.js';
import type { RoutingShard } from './routing-shard.js';
import { LinkLostError, type ShardLink } from './shard-link.js';
import { CommandError, FailedAnswer } from './wire/command-error.js';
import { clientReply, errorReply, hostUnreachable, isStateChange } from './wire/error-reply.js';
import { Frames } from './wire/frames.js';
import { ShallowDocument } from './wire/shallow-document.js';
import {
  newRequest,
  oneOfManyReplies,
  parseRequest,
  renamedRequest,
  replyBody,
  replyTo,
  type WireRequest,
} from './wire/wire-message.js';

/** Commands that go on as they are, but for the name. */
const FORWARDED: Readonly<Record<string, string>> = {
  find: 'clusterFind',
  aggregate: 'clusterAggregate',
  getMore: 'clusterGetMore',
  insert: 'clusterInsert',
  update: 'clusterUpdate',
  delete: 'clusterDelete',
};

const HELLOS: ReadonlySet<string> = new Set(['hello', 'isMaster', 'ismaster']);
const OPENING: ReadonlySet<string> = new Set(['clusterFind', 'clusterAggregate']);
const ATTEMPTS = 10;

/**
 * Serves one client's connection: a command at a time, in order. Reads and writes go on to the routing shard under the names
 * of its routing commands, all else is answered by a handler.
 */
export function serveClient(socket: Socket, router: RouterParts): void {
  const connection = new ClientConnection(router);
  const frames = new Frames();
  let before: Promise<void> = Promise.resolve();
  const one = async (message: Buffer): Promise<void> => {
    for await (const reply of connection.answers(parseRequest(message))) {
      if (!socket.writable) return;
      socket.write(reply);
    }
  };
  socket.on('data', (chunk: Buffer) => {
    try {
      for (const message of frames.push(chunk))
        before = before.then(() => one(message)).catch(() => void socket.destroy());
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => undefined); // 'close' follows
  socket.on('close', () => connection.close());
}

/** What the connections of one router share. */
export interface RouterParts {
  readonly servers: ClusterServers;
  readonly routing: RoutingShard;
  readonly cursors: CursorTags;
  /** What is answered without the routing shard, by name of the command. */
  readonly handlers: Readonly<Record<string, CommandHandler>>;
}

class ClientConnection {
  private link: ShardLink | undefined;
  private closed = false;

  constructor(private readonly router: RouterParts) {}

  close(): void {
    this.closed = true;
    this.link?.closeWhenIdle(); // what the client asked for is done to its end, as far as it goes
  }

  /** The answers to one message: one, or none, or for a monitor one after the other without end. Rejects when it is no message. */
  async *answers(request: WireRequest): AsyncGenerator<Buffer, void> {
    if (request.takesMore && HELLOS.has(new ShallowDocument(request.body).firstName)) {
      const command = new CommandRequest(request.body);
      for (let before = request.requestId; monitorPatienceMs(command.command) > 0; ) {
        const { id, reply } = oneOfManyReplies(before, await this.handle(command));
        yield reply;
        before = id;
      }
    }
    const reply = await this.answer(request, new ShallowDocument(request.body)).catch((error: unknown) =>
      replyTo(request, errorReply(error)),
    );
    if (this.closed) this.link?.closeWhenIdle();
    if (!request.unanswered) yield reply;
  }

  private async answer(request: WireRequest, command: ShallowDocument): Promise<Buffer> {
    refuseCommand(command);
    const name = command.firstName;
    const forwarded = FORWARDED[name];
    if (forwarded !== undefined) return this.forward(request, command, forwarded);
    return replyTo(request, await this.handle(new CommandRequest(request.body)));
  }

  private async handle(request: CommandRequest): Promise<Document> {
    const { db, name, command } = request;
    switch (name) {
      case 'count': {
        const [counted] = await this.aggregate(request, countPipeline(command));
        return { n: counted?.['n'] ?? 0, ok: 1 };
      }
      case 'distinct': {
        const values = await this.aggregate(request, distinctPipeline(command));
        return { values: values.map(({ _id }) => _id as unknown), ok: 1 };
      }
      case 'explain':
        return this.run(db, { ...command, explain: routedForm(command['explain'] as Document) });
      case 'killCursors':
        return this.killCursors(request);
      default: {
        const handler = this.router.handlers[name];
        if (handler === undefined) throw new CommandError(59, 'CommandNotFound', `no such command: '${name}'`);
        return clientReply(await handler(request, this.router.servers));
      }
    }
  }

  private async forward(request: WireRequest, command: ShallowDocument, name: string): Promise<Buffer> {
    const tag = OPENING.has(name) && !command.has('comment') ? this.router.cursors.next() : undefined;
    const message = renamedRequest(request, name, tag === undefined ? {} : { comment: tag });
    const reply = await this.ask(message, OPENING.has(name));
    const body = new ShallowDocument(replyBody(reply));
    if (isStateChange(body.get('code'))) return replyTo(request, hostUnreachable(String(body.get('errmsg'))));
    if (tag !== undefined || name === 'clusterGetMore') this.follow(body, command, tag);
    return reply;
  }

  /** Remembers which cursors are open, and with which tag. */
  private follow(reply: ShallowDocument, command: ShallowDocument, tag: string | undefined): void {
    const id = reply.document('cursor')?.rawValue('id')?.readBigInt64LE() ?? 0n;
    if (tag !== undefined && id !== 0n) this.router.cursors.opened(id, tag);
    const read = command.rawValue('getMore');
    if (read !== undefined && id === 0n) this.router.cursors.closed(read.readBigInt64LE());
  }

  /** The routing shard's answer to a message. What only reads is tried at another shard when this one goes away. */
  private async ask(message: Buffer, mayRepeat: boolean): Promise<Buffer> {
    for (let attempt = 1; ; attempt++) {
      const link = await this.linked();
      try {
        const reply = await link.ask(message);
        const body = new ShallowDocument(replyBody(reply));
        const code = body.get('code');
        if (isStateChange(code)) void this.router.routing.check().catch(() => undefined);
        if (!mayRepeat || attempt >= ATTEMPTS || !isStale(code)) return reply;
        await refresh(link, body);
      } catch (error) {
        if (!(error instanceof LinkLostError)) throw error;
        this.router.routing.mistrust(link.address);
        if (!mayRepeat || attempt >= ATTEMPTS) throw new CommandError(6, 'HostUnreachable', reasonOf(error));
      }
    }
  }

  private async linked(): Promise<ShardLink> {
    for (let attempt = 1; this.link === undefined || !this.link.open; attempt++) {
      try {
        this.link = await this.router.routing.link();
      } catch (error) {
        if (attempt >= ATTEMPTS) throw error;
      }
    }
    return this.link;
  }

  /** A command of the router's own by way of the routing shard. Throws when the answer is a failure. */
  private async run(db: string, command: Document): Promise<Document> {
    const reply = await this.ask(newRequest({ ...command, $db: db }), true);
    const answer = BSON.deserialize(replyBody(reply), { promoteValues: false, bsonRegExp: true });
    return clientReply(answer);
  }

  private async aggregate(request: CommandRequest, pipeline: readonly Document[]): Promise<readonly Document[]> {
    const collection = request.command[request.name] as unknown;
    const options = sharedOptions(request.command);
    const first = await this.run(request.db, { clusterAggregate: collection, pipeline, cursor: {}, ...options });
    if (Number(first['ok']) !== 1) throw new FailedAnswer(first);
    const documents = [...(first['cursor'].firstBatch as Document[])];
    let id = first['cursor'].id as BSON.Long;
    while (!id.isZero()) {
      const next = await this.run(request.db, { clusterGetMore: id, collection });
      if (Number(next['ok']) !== 1) throw new FailedAnswer(next);
      documents.push(...(next['cursor'].nextBatch as Document[]));
      id = next['cursor'].id as BSON.Long;
    }
    return documents;
  }

  private async killCursors({ db, command }: CommandRequest): Promise<Document> {
    const ids = command['cursors'] as readonly BSON.Long[];
    for (const id of ids) {
      const tag = this.router.cursors.closed(id.toBigInt());
      if (tag === undefined) continue;
      await killTaggedCursors(this.router.servers, tag);
      // The routing shard's own cursor ends when it asks a shard for more and hears that there is nothing.
      await this.run(db, { clusterGetMore: id, collection: command['killCursors'] as unknown });
    }
    return { cursorsKilled: ids, cursorsNotFound: [], cursorsAlive: [], cursorsUnknown: [], ok: 1 };
  }
}

/**
 * Has the routing shard read anew what it was wrong about. Its `aggregate` gives up where mongos would do that, and try again;
 * its `find` and its writes do it by themselves.
 */
async function refresh(link: ShardLink, stale: ShallowDocument): Promise<void> {
  const [namespace, db] = [stale.get('ns'), stale.get('db')];
  const syncFromConfig = true;
  if (typeof namespace === 'string') {
    await link.ask(newRequest({ _flushRoutingTableCacheUpdates: namespace, syncFromConfig, $db: 'admin' }));
  } else if (typeof db === 'string') {
    await link.ask(newRequest({ _flushDatabaseCacheUpdates: db, syncFromConfig, $db: 'admin' }));
  }
}
