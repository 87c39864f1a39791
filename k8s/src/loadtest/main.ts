import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { repository } from '../k8s.config.js';
import { scriptsConfigMap } from './scripts-config-map.js';

const folder = join(repository, 'dist', 'loadtest');
const file = join(folder, 'scripts.json');
await mkdir(folder, { recursive: true });
await writeFile(file, `${JSON.stringify(await scriptsConfigMap(), null, 2)}\n`);
process.stdout.write(
  `${relative(repository, file)}: kubectl --namespace load apply --server-side -f ${relative(repository, file)}\n`,
);
