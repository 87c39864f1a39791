/**
 * Names and addresses of the packed cluster, as its tool takes them from the environment: other ones than it has by itself, so that a cluster
 * that somebody runs by hand stays as it is.
 */
export const packedNetwork = {
  NAME: 'pk',
  HOST_IP: '10.251.0.1',
  NODE_IP: '10.251.0.2',
  POD_CIDR: '10.245.0.0/24',
  SERVICE_CIDR: '10.97.0.0/16',
  SERVICE_IP: '10.97.0.1',
  DNS_IP: '10.97.0.10',
} as const;

/** What is another one for the second node. */
export const workerNetwork = {
  NAME: `${packedNetwork.NAME}-2`,
  env: { HOST_IP: '10.251.0.5', NODE_IP: '10.251.0.6', POD_CIDR: '10.245.1.0/24' },
} as const;

/** The link to the nodes, and an address of this machine on it for a second client. It goes with the link. */
export const secondClient = { link: `kube-${packedNetwork.NAME}`, address: '10.251.9.1' } as const;
