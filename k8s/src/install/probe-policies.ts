import type { Installation } from './release/installation.js';

/** Connects to each address of its arguments and prints those that it reached. */
const probe = `
const { connect } = require('node:net');
const reach = (address) => new Promise((done) => {
  const at = address.lastIndexOf(':');
  const socket = connect(Number(address.slice(at + 1)), address.slice(0, at));
  const end = (reached) => { socket.destroy(); done(reached ? address : undefined); };
  socket.once('connect', () => end(true)).once('error', () => end(false)).setTimeout(3000, () => end(false));
});
Promise.all(process.argv.slice(1).map(reach)).then((all) => console.log(JSON.stringify(all.filter(Boolean))));
`;

/**
 * Tries to reach every port of every Service of the release from a pod that has nothing to do with it, and the data stores from the
 * web page's pods. Answers a line for people; rejects when a connection was made that no policy allows, or when the stranger reaches nothing
 * at all, not even the Kubernetes API.
 *
 * @param image one with Node at /nodejs/bin/node.
 */
export async function probePolicies(installation: Installation, image: string): Promise<string> {
  const services = await installation.list('services');
  const places = services.flatMap(({ metadata: { name }, spec = {} }) => {
    const { clusterIP, ports } = spec as unknown as {
      readonly clusterIP: string;
      readonly ports: readonly { readonly port: number }[];
    };
    return clusterIP === 'None'
      ? []
      : ports.map(({ port }) => ({ name: `${name}:${port}`, at: `${clusterIP}:${port}` }));
  });
  const api = await apiAddress(installation);
  const reached = await asStranger(installation, image, [api, ...places.map(({ at }) => at)]);
  if (!reached.includes(api))
    throw new Error('the probe reaches nothing, not even the Kubernetes API: it shows nothing');
  const open = places.filter(({ at }) => reached.includes(at));
  if (open.length > 0)
    throw new Error(`a stranger in the namespace reaches ${open.map(({ name }) => name).join(', ')}`);
  const stores = places.filter(({ name }) => /redis|mongodb/.test(name));
  const web = `deployment/${installation.release}-parlance-web`;
  const said = await installation.kubectl(
    'exec',
    web,
    '--',
    '/nodejs/bin/node',
    '-e',
    probe,
    ...stores.map(({ at }) => at),
  );
  if (said.trim() !== '[]') throw new Error(`the web page's pods reach ${said.trim()}`);
  return `a stranger in the namespace reached none of ${places.length} ports, the web page's pod none of ${stores.length} of the data stores`;
}

async function apiAddress(installation: Installation): Promise<string> {
  const text = await installation.kubectl('get', 'service', 'kubernetes', '--namespace', 'default', '--output', 'json');
  const { spec } = JSON.parse(text) as { readonly spec: { readonly clusterIP: string } };
  return `${spec.clusterIP}:443`;
}

async function asStranger(
  installation: Installation,
  image: string,
  addresses: readonly string[],
): Promise<readonly string[]> {
  const name = 'stranger';
  await installation.apply({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 65_532, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'probe',
          image,
          command: ['/nodejs/bin/node', '-e', probe, ...addresses],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
        },
      ],
    },
  });
  await installation.kubectl('wait', 'pod', name, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=600s');
  const said = await installation.kubectl('logs', name);
  await installation.kubectl('delete', 'pod', name);
  return JSON.parse(said) as readonly string[];
}
