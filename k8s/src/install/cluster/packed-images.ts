import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findMongod, findRedis, findVersitygw, silentProgress } from '@parlance/devstack';
import { k8sEnvironment, repository } from '../../k8s.config.js';
import { runProgram } from '../run-program.js';
import { buildah, ImageArchive } from './image-archive.js';
import type { Workplace } from './packed-tool.js';
import { stageServer } from './stage-server.js';
import { productImages } from './test-cluster.js';

/**
 * Builds the images of the repository's Dockerfiles by the tool's buildah, and others of this machine's data stores, and puts them all into one
 * archive. Needs no cluster, so it may work while one starts. Answers the archive's file. Where there is no versitygw there is no image of S3.
 *
 * @param place a folder of its own: where it finds a cluster, it would give each image to that by itself.
 */
export async function buildPackedImages(place: Workplace, say: (line: string) => void): Promise<string> {
  const bases = place.run('mkbase.sh', ['24']);
  const [versitygw, mongod, redis] = await Promise.all([
    findVersitygw(),
    findMongod(silentProgress),
    findRedis(silentProgress),
    bases,
  ]);
  const archive = await ImageArchive.create(place);
  const args = await buildArguments(place.workdir);
  const build = async (name: string, file: string, context: string): Promise<void> => {
    say(`building the image ${name}`);
    const tag = `localhost/parlance-${name}:test`;
    await place.execute(join(place.workdir, buildah), [...args, '--tag', tag, '--file', file, context]);
    archive.add(tag);
  };
  for (const [name, file] of Object.entries({ ...productImages, router: 'devstack/Dockerfile' }))
    await build(name, join(repository, file), repository);
  const servers = [
    ['mongodb', mongod, 'mongod'],
    ['redis', redis, 'redis-server'],
    ...(versitygw === undefined ? [] : [['s3', { path: versitygw }, 'versitygw'] as const]),
  ] as const;
  for (const [name, found, server] of servers) {
    const folder = join(place.workdir, 'stage', name);
    await stageServer(found, server, folder);
    await build(`test-${name}`, join(folder, 'Dockerfile'), folder);
  }
  return await archive.close();
}

/** Layers are kept, so that the first stage of all Dockerfiles is built once. npm inside has this machine's registry and authority. */
async function buildArguments(folder: string): Promise<readonly string[]> {
  const registry = (await runProgram('npm', ['config', 'get', 'registry'])).trim();
  const npmrc = join(folder, 'npmrc');
  await writeFile(npmrc, `registry=${registry}\ncafile=/run/host-ca.crt\nupdate-notifier=false\n`);
  const { authorities } = k8sEnvironment();
  const bases = ['NODE_IMAGE=localhost/node:24', 'RUN_IMAGE=localhost/node-distroless:24'];
  const files = [`${authorities}:/run/host-ca.crt:ro`, `${npmrc}:/usr/local/etc/npmrc:ro`];
  return [
    ...'build --pull-never --layers --format docker'.split(' '),
    ...bases.flatMap((base) => ['--build-arg', base]),
    ...files.flatMap((file) => ['--volume', file]),
  ];
}
