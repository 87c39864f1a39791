import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds that a file takes, from eight up. One that is wrong costs time and breaks nothing. */
const seconds: Readonly<Record<string, number>> = {
  'roll-mongodb.int-spec.ts': 83,
  'streams.int-spec.ts': 50,
  'bad-input.int-spec.ts': 47,
  'failures.e2e-spec.ts': 46,
  'cluster.int-spec.ts': 44,
  'mongo.int-spec.ts': 41,
  'fold-events.int-spec.ts': 37,
  'web.int-spec.ts': 31,
  'redis-down.int-spec.ts': 28,
  'one-room.e2e-spec.ts': 28,
  'scenarios.int-spec.ts': 27,
  'smoke.int-spec.ts': 27,
  'operations.e2e-spec.ts': 26,
  'secret-rotation.e2e-spec.ts': 25,
  'erase-cluster.int-spec.ts': 25,
  'bootstrap.int-spec.ts': 24,
  'api-docs.e2e-spec.ts': 24,
  'sharded-mongo.int-spec.ts': 23,
  'redis-users.e2e-spec.ts': 21,
  'page.int-spec.ts': 20,
  'up.int-spec.ts': 20,
  'limits.int-spec.ts': 20,
  'limits-cluster.e2e-spec.ts': 19,
  'faults.int-spec.ts': 19,
  'backup.int-spec.ts': 18,
  'up-cluster.int-spec.ts': 18,
  'archive-damage.spec.ts': 18,
  'rest.e2e-spec.ts': 18,
  'seal-month.int-spec.ts': 18,
  'cli.int-spec.ts': 17,
  'package.int-spec.ts': 17,
  'error-codes.e2e-spec.ts': 17,
  'reconnect.int-spec.ts': 16,
  'archive-months.int-spec.ts': 16,
  'outbox.int-spec.ts': 15,
  'model.spec.ts': 15,
  'drain.int-spec.ts': 15,
  'upgrade.spec.ts': 14,
  'redis-single.int-spec.ts': 14,
  'backup.e2e-spec.ts': 14,
  'chat-months.int-spec.ts': 13,
  'conformance.e2e-spec.ts': 13,
  'bench.int-spec.ts': 13,
  'cluster-pods.int-spec.ts': 12,
  'archive-cluster.int-spec.ts': 11,
  'redis-cluster.int-spec.ts': 10,
  'restore-month.int-spec.ts': 10,
  'process.int-spec.ts': 9,
  'cluster.e2e-spec.ts': 9,
  'deadlines.int-spec.ts': 9,
  's3-archive-store.int-spec.ts': 9,
  'token-life.int-spec.ts': 9,
  'redis.int-spec.ts': 8,
  'pod-watch.int-spec.ts': 8,
};

/**
 * Which test file starts when: long ones first, or one of them would run alone at the end. What runs in memory computes, and
 * what starts servers mostly waits for them, so the first starts as soon as a few long ones of the second are on their way. Of what
 * runs in memory, files with an environment of their own come last, together: where the next file has another, workers start anew.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const inOrder = files.toSorted((one, other) => secondsOf(other) - secondsOf(one));
    const memory = inOrder
      .filter(({ project }) => project.name === 'memory')
      .toSorted((one, other) => Number(hasEnvironment(one)) - Number(hasEnvironment(other)));
    const others = inOrder.filter(({ project }) => project.name !== 'memory');
    return [...others.splice(0, 3), ...memory, ...others];
  }
}

function hasEnvironment({ moduleId }: TestSpecification): boolean {
  return readFileSync(moduleId, 'utf8').startsWith('// @vitest-environment ');
}

function secondsOf({ moduleId }: TestSpecification): number {
  return seconds[basename(moduleId)] ?? 0;
}
