import { access, cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { findMongod, findRedis, findVersitygw, silentProgress } from '@parlance/devstack';
import { k8sEnvironment, repository } from '../k8s.config.js';
import { runProgram } from './run-program.js';
import { productImages, type TestCluster } from './test-cluster.js';

/**
 * Starts the Kubernetes that is packed in the tools' folder: a real one of two nodes, as root, without a container engine or a registry.
 * Servers of the data stores are this machine's, put into images; a mongos cannot be had there.
 *
 * @param workdir of the tool: kept by whoever names it, so that a second run finds base images and layers; else made and removed.
 */
export async function packedCluster(
  tool: string,
  workdir: string | undefined,
  say: (line: string) => void,
  begun: (end: () => Promise<void>) => void,
): Promise<TestCluster> {
  const at = workdir ?? (await mkdtemp('/var/tmp/pk-'));
  const env = { WORKDIR: at, KUBECONFIG: join(at, 'kubeconfig') };
  const run = (script: string, ...args: string[]): Promise<string> => runProgram(join(tool, script), args, { env });
  const end = async (): Promise<void> => {
    await run('down.sh');
    if (workdir === undefined) await rm(at, { recursive: true, force: true });
  };
  begun(end);
  const stage = join(at, 'stage');
  const build = (tag: string, file: string, context: string): Promise<string> =>
    run(
      'build-image.sh',
      '-t',
      tag,
      '-f',
      file,
      '-b',
      'NODE_IMAGE=localhost/node:24',
      '-b',
      'RUN_IMAGE=localhost/node-distroless:24',
      context,
    );
  const versitygw = await findVersitygw();
  const cluster: TestCluster = {
    text: 'Kubernetes 1.35.4, packed, two nodes',
    env,
    kubectl: join(at, 'bin/kubectl'),
    helm: join(at, 'bin/helm'),
    ingressAddress: '10.250.0.2',
    ingressClass: 'traefik',
    ingressNamespace: 'traefik',
    values: [join(repository, 'k8s/install/without-mongos-values.yaml')],
    settings: [
      'global.imageRegistry=localhost',
      'global.imageTag=test',
      'redis.image.name=localhost/parlance-test-redis:test',
      'redis.image.server=redis-server',
      'mongodb.image.name=localhost/parlance-test-mongodb:test',
      'mongodb.router.image.name=localhost/parlance-router:test',
    ],
    nodeImage: 'localhost/parlance-gateway:test',
    objectStoreImage: versitygw === undefined ? undefined : 'localhost/parlance-test-s3:test',
    notes: [
      'There is no image with mongos here: the router of devstack is in its place, and MongoDB asks nobody who they are.',
      ...(versitygw === undefined
        ? ['There is no versitygw: archive-months, scrub-archive and backup are not tried.']
        : []),
    ],
    async buildImages(tell) {
      for (const [name, file] of Object.entries({ ...productImages, router: 'devstack/Dockerfile' })) {
        tell(`building ${name}`);
        await build(`localhost/parlance-${name}:test`, join(repository, file), repository);
      }
      const mongod = await findMongod(silentProgress);
      const redis = await findRedis(silentProgress);
      for (const [name, path, server] of [
        ['mongodb', mongod.path, 'mongod'],
        ['redis', redis.path, 'redis-server'],
        ...(versitygw === undefined ? [] : [['s3', versitygw, 'versitygw'] as const]),
      ] as const) {
        tell(`an image of this machine's ${name}`);
        const folder = join(stage, name);
        await stageServer(path, server, folder);
        await build(`localhost/parlance-test-${name}:test`, join(folder, 'Dockerfile'), folder);
      }
    },
    memoryMiB: () => cgroupMemory(),
    end,
  };
  try {
    if (await isUp(at)) return cluster;
    say('starting the cluster');
    // On a busy machine a process of the node has been seen to be gone before its network was made.
    await run('up.sh').catch(async () => {
      await run('down.sh');
      await run('up.sh');
    });
    // The ingress controller has ports of the first node.
    await run('addons.sh', 'traefik', 'metrics-server');
    await run('add-node.sh');
    await run('get-helm.sh');
    await run('mkbase.sh', '24');
  } catch (thrown) {
    await end();
    throw thrown;
  }
  return cluster;
}

/** Whether a run before has left it up. */
function isUp(workdir: string): Promise<boolean> {
  return access(join(workdir, 'kubeconfig')).then(
    () => true,
    () => false,
  );
}

/** A folder with a program and the libraries that it needs, and a Dockerfile that puts them onto a base image. */
async function stageServer(program: string, name: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  const [bin, lib] = [join(folder, 'usr/local/bin'), join(folder, 'usr/local/lib')];
  await mkdir(bin, { recursive: true });
  await mkdir(lib, { recursive: true });
  await cp(await realpath(program), join(bin, name));
  // A program that is linked by itself has none.
  const libraries = [...(await runProgram('ldd', [program]).catch(() => '')).matchAll(/=> (\/\S+)/g)].map(
    ([, path]) => path as string,
  );
  for (const path of libraries) {
    if (!/\/(?:libc|libm|libdl|libpthread|librt|libresolv|ld-linux.*)\.so/.test(path)) {
      await cp(await realpath(path), join(lib, basename(path)));
    }
  }
  await writeFile(
    join(folder, 'Dockerfile'),
    'ARG NODE_IMAGE\nFROM ${NODE_IMAGE}\nCOPY usr /usr\nENV LD_LIBRARY_PATH=/usr/local/lib\nUSER 999:999\n',
  );
}

/** The most that all pods have held at a time, by their cgroups, version 1 or 2; the parts of Kubernetes itself are not counted. */
async function cgroupMemory(): Promise<number | undefined> {
  let sum = 0;
  for (const [root, file] of [
    ['/sys/fs/cgroup/memory', 'memory.max_usage_in_bytes'],
    ['/sys/fs/cgroup', 'memory.peak'],
  ] as const) {
    const groups = (await readdir(root).catch(() => [])).filter((name) => name.startsWith('kube-'));
    for (const name of groups) sum += Number(await readFile(join(root, name, file), 'utf8').catch(() => 0));
    if (sum > 0) break;
  }
  return sum > 0 ? Math.round(sum / 1_048_576) : undefined;
}

/** Where the tool is packed, if it is and this user may use it. */
export function packedTool(): string | undefined {
  const { toolsDir } = k8sEnvironment();
  return toolsDir !== undefined && process.getuid?.() === 0 ? join(toolsDir, 'k8s') : undefined;
}
