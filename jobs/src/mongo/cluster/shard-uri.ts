const pattern = /^mongodb(?:\+srv)?:\/\/(?<credentials>[^@/]*@)?[^/?]+(?<path>\/[^?]*)?(?:\?(?<query>.*))?$/;

/**
 * The connection string of one shard, or of one member of it: that of the router with other hosts and everything else that it
 * says, credentials and TLS. `host` is as in `config.shards` (`hot-1/10.0.0.1:27017,10.0.0.2:27017`) for the replica set, or
 * `10.0.0.1:27017` for that member alone. Pure.
 */
export function shardUri(routerUri: string, host: string): string {
  const { credentials = '', path = '/', query = '' } = pattern.exec(routerUri)?.groups ?? {};
  const [name, hosts] = host.includes('/') ? host.split('/', 2) : [undefined, host];
  const options = new URLSearchParams(query);
  for (const option of ['replicaSet', 'loadBalanced', 'srvServiceName', 'srvMaxHosts', 'directConnection']) {
    options.delete(option);
  }
  if (routerUri.startsWith('mongodb+srv:') && !options.has('tls') && !options.has('ssl')) options.set('tls', 'true');
  options.set(name === undefined ? 'directConnection' : 'replicaSet', name ?? 'true');
  return `mongodb://${credentials}${hosts}${path === '' ? '/' : path}?${options.toString()}`;
}
