import type { BootstrapConfig } from '../config.js';
import type { MongoUser } from '../mongo/cluster/mongo-user.js';

/** The user that services are, where they are one of their own. Pure. */
export function servicesUser({
  servicesUser: name,
  servicesPassword: password,
}: Pick<BootstrapConfig, 'servicesUser' | 'servicesPassword'>): MongoUser | undefined {
  return name === undefined || password === undefined ? undefined : { name, password, db: 'admin' };
}
