import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findPrometheus } from '../binaries/find-prometheus.js';
import { freePorts } from '../ports/free-ports.js';
import { startProcess } from '../process/start-process.js';
import type { SupervisedProcess } from '../process/supervised-process.js';
import { silentProgress } from '../progress.js';
import { waitForReady } from '../stack/wait-for-ready.js';
import { type PrometheusOptions, prometheusProgram } from './prometheus-program.js';

/** Starts a real Prometheus on 127.0.0.1 and resolves when it answers. Throws when there is none to be found. */
export async function startPrometheus(options: Omit<PrometheusOptions, 'port'>): Promise<Prometheus> {
  const { path } = await findPrometheus(silentProgress);
  const [port = 0] = await freePorts(1);
  const { files, address, readyUrl, ...program } = prometheusProgram(path, { ...options, port });
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const process = await startProcess({
    name: 'prometheus',
    ...program,
    logFile: join(options.folder, 'prometheus.log'),
    ready: ({ signal }) => waitForReady(readyUrl, signal, () => undefined),
  });
  return { process, url: address };
}

/** A running Prometheus. */
export interface Prometheus {
  readonly process: SupervisedProcess;
  /** "http://127.0.0.1:21234". */
  readonly url: string;
}
