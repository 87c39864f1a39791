import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CrowdCount, CrowdTask } from './crowd-worker.js';

/** A thousand connected people in a thread of their own. */
export class Crowd implements AsyncDisposable {
  private constructor(private readonly worker: Worker) {}

  /** Connects everybody; `said` hears how many are there. Rejects when one is refused. */
  static async open(task: CrowdTask, said: (count: number) => void): Promise<Crowd> {
    const worker = new Worker(new URL('./crowd-worker.js', import.meta.url), { workerData: task });
    await new Promise<void>((resolve, reject) => {
      worker.on('error', reject);
      worker.on('message', ({ kind, count }: { kind: string; count: number }) => {
        if (kind !== 'open') return;
        said(count);
        if (count === task.members.length) resolve();
      });
    });
    return new Crowd(worker);
  }

  /** Forgets what came. */
  async reset(): Promise<void> {
    await this.ask('reset');
  }

  /** What came since the last reset. */
  async count(): Promise<CrowdCount> {
    return this.ask('count');
  }

  private async ask(what: 'count' | 'reset'): Promise<CrowdCount> {
    this.worker.postMessage(what); // oxlint-disable-line unicorn/require-post-message-target-origin -- a thread, not a window
    const [{ count }] = (await once(this.worker, 'message')) as [{ count: CrowdCount }];
    return count;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate();
  }
}
