const pattern =
  /^(?<scheme>mongodb(?:\+srv)?:\/\/)(?<credentials>[^@/]*@)?(?<hosts>[^/?]+)(?<path>\/[^?]*)?(?:\?(?<query>.*))?$/;

/** The user that a connection string names. */
export interface MongoUser {
  readonly name: string;
  readonly password: string;
  /** The database that knows it. */
  readonly db: string;
}

/** A connection string taken apart at its user. */
export interface ConnectionUser {
  /** Undefined where it names none. */
  readonly user: MongoUser | undefined;
  /** The database that it opens; empty where it names none. */
  readonly database: string;
  /** The same string without a user. */
  readonly without: string;
  /** The same string with another user, who is known by SCRAM-SHA-256 in a database. */
  as(name: string, password: string, db: string): string;
}

/** The user in a MongoDB connection string. Pure. */
export function mongoUser(uri: string): ConnectionUser {
  const { scheme = '', credentials, hosts = '', path = '', query = '' } = pattern.exec(uri)?.groups ?? {};
  const options = new URLSearchParams(query);
  const authSource = options.get('authSource') ?? (path.slice(1) || 'admin');
  options.delete('authSource');
  options.delete('authMechanism');
  const rest = (more: Readonly<Record<string, string>>, user = ''): string => {
    const all = new URLSearchParams([...options, ...Object.entries(more)]).toString();
    return `${scheme}${user}${hosts}${path === '' ? '/' : path}${all === '' ? '' : `?${all}`}`;
  };
  const [name, password = ''] = (credentials?.slice(0, -1) ?? '').split(':').map(decodeURIComponent);
  return {
    user: name ? { name, password, db: authSource } : undefined,
    database: path.slice(1),
    without: rest({}),
    as: (other, secret, db) =>
      rest(
        { authSource: db, authMechanism: 'SCRAM-SHA-256' },
        `${encodeURIComponent(other)}:${encodeURIComponent(secret)}@`,
      ),
  };
}
