import { BSON, type Document } from 'mongodb';
import type { ClusterServers } from '../cluster-servers.js';
import { CommandError } from '../wire/command-error.js';

/** A command as its handler sees it. */
export class CommandRequest {
  /** The database it was sent to. */
  readonly db: string;
  /** The command's name: the first key. */
  readonly name: string;
  /**
   * The command without what is between client and server (`$db`, `lsid`, `$clusterTime` ...). Numbers are BSON's own
   * classes, so that what is handed on keeps its types.
   */
  readonly command: Document;

  constructor(bytes: Buffer) {
    const all = BSON.deserialize(bytes, { promoteValues: false, bsonRegExp: true });
    this.db = typeof all['$db'] === 'string' ? all['$db'] : 'admin';
    this.name = Object.keys(all)[0] ?? '';
    this.command = Object.fromEntries(Object.entries(all).filter(([key]) => !key.startsWith('$') && key !== 'lsid'));
  }

  /** The namespace of a command on a collection: "test.notes". Throws when its first value is no name. */
  get namespace(): string {
    const collection = this.command[this.name];
    if (typeof collection !== 'string' || collection === '') {
      throw new CommandError(73, 'InvalidNamespace', `collection name has invalid type or is empty: ${this.name}`);
    }
    return `${this.db}.${collection}`;
  }

  /** The namespace of an admin command, whose first value is a whole one. */
  get fullNamespace(): string {
    const namespace = this.command[this.name];
    if (typeof namespace !== 'string' || !namespace.includes('.')) {
      throw new CommandError(73, 'InvalidNamespace', `${this.name} takes a namespace such as "test.notes"`);
    }
    return namespace;
  }

  /** The command without its first key. */
  get rest(): Document {
    return Object.fromEntries(Object.entries(this.command).slice(1));
  }
}

/** Answers one kind of command. Throws a `CommandError` or what the driver throws. */
export type CommandHandler = (request: CommandRequest, servers: ClusterServers) => Promise<Document> | Document;
