import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds that a file takes, from ten up. One that is wrong costs time and breaks nothing. */
const seconds: Readonly<Record<string, number>> = {
  'roll-mongodb.int-spec.ts': 111,
  'cluster.int-spec.ts': 64,
  'web.int-spec.ts': 50,
  'streams.int-spec.ts': 49,
  'bad-input.int-spec.ts': 49,
  'scenarios.int-spec.ts': 46,
  'failures.e2e-spec.ts': 44,
  'backup.int-spec.ts': 40,
  'secret-rotation.e2e-spec.ts': 39,
  'operations.e2e-spec.ts': 32,
  'mongo.int-spec.ts': 31,
  'sharded-mongo.int-spec.ts': 30,
  'limits-cluster.e2e-spec.ts': 29,
  'one-room.e2e-spec.ts': 28,
  'model.spec.ts': 27,
  'redis-down.int-spec.ts': 27,
  'redis-users.e2e-spec.ts': 26,
  'smoke.int-spec.ts': 25,
  'conformance.e2e-spec.ts': 24,
  'archive-months.int-spec.ts': 24,
  'restore-month.int-spec.ts': 24,
  'rest.e2e-spec.ts': 24,
  'bootstrap.int-spec.ts': 23,
  'build-a-page.int-spec.ts': 21,
  'pod-watch.int-spec.ts': 20,
  'fold-events.int-spec.ts': 20,
  'api-docs.e2e-spec.ts': 20,
  'faults.int-spec.ts': 19,
  'reconnect.int-spec.ts': 19,
  'up.int-spec.ts': 19,
  'drain.int-spec.ts': 19,
  'cluster-pods.int-spec.ts': 19,
  'error-codes.e2e-spec.ts': 18,
  'seal-month.int-spec.ts': 18,
  'chat-months.int-spec.ts': 18,
  'erase-cluster.int-spec.ts': 17,
  'cli.int-spec.ts': 16,
  'page.int-spec.ts': 16,
  'up-cluster.int-spec.ts': 16,
  'cluster.e2e-spec.ts': 16,
  'pack-package.spec.ts': 15,
  'package.int-spec.ts': 15,
  'archive-cluster.int-spec.ts': 14,
  'backup.e2e-spec.ts': 13,
  'look.int-spec.ts': 13,
  'redis-cluster.int-spec.ts': 13,
  'outbox.int-spec.ts': 13,
  'limits.int-spec.ts': 13,
  'upgrade.spec.ts': 12,
  'conversation.e2e-spec.ts': 12,
  'archive-damage.spec.ts': 11,
  'backup-cluster.int-spec.ts': 11,
  'bench.int-spec.ts': 10,
  'retries.e2e-spec.ts': 10,
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
