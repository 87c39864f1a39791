import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds that a file takes, from ten up. One that is wrong costs time and breaks nothing. */
const seconds: Readonly<Record<string, number>> = {
  'roll-mongodb.int-spec.ts': 78,
  'failures.e2e-spec.ts': 52,
  'streams.int-spec.ts': 43,
  'web.int-spec.ts': 35,
  'scenarios.int-spec.ts': 34,
  'secret-rotation.e2e-spec.ts': 31,
  'cluster.int-spec.ts': 28,
  'operations.e2e-spec.ts': 27,
  'one-room.e2e-spec.ts': 25,
  'conformance.e2e-spec.ts': 24,
  'faults.int-spec.ts': 23,
  'mongo.int-spec.ts': 22,
  'redis-down.int-spec.ts': 21,
  'smoke.int-spec.ts': 21,
  'redis-users.e2e-spec.ts': 21,
  'package.int-spec.ts': 20,
  'limits-cluster.e2e-spec.ts': 17,
  'backup.int-spec.ts': 17,
  'cli.int-spec.ts': 17,
  'reconnect.int-spec.ts': 17,
  'sharded-mongo.int-spec.ts': 16,
  'up.int-spec.ts': 16,
  'model.spec.ts': 15,
  'page.int-spec.ts': 15,
  'bootstrap.int-spec.ts': 14,
  'error-codes.e2e-spec.ts': 13,
  'archive-months.int-spec.ts': 13,
  'pod-watch.int-spec.ts': 13,
  'backup.e2e-spec.ts': 13,
  'fold-events.int-spec.ts': 12,
  'drain.int-spec.ts': 12,
  'pack-package.spec.ts': 11,
  'api-docs.e2e-spec.ts': 11,
  'seal-month.int-spec.ts': 11,
  'look.int-spec.ts': 11,
  'cluster-pods.int-spec.ts': 11,
  'redis-cluster.int-spec.ts': 10,
  'up-cluster.int-spec.ts': 10,
  'outbox.int-spec.ts': 10,
};

/**
 * Which test file starts when: long ones first, or one of them would run alone at the end. What runs in memory computes, and
 * what starts servers mostly waits for them, so the first starts as soon as a few long ones of the second are on their way.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const inOrder = files.toSorted((one, other) => secondsOf(other) - secondsOf(one));
    const memory = inOrder.filter(({ project }) => project.name === 'memory');
    const others = inOrder.filter(({ project }) => project.name !== 'memory');
    return [...others.splice(0, 3), ...memory, ...others];
  }
}

function secondsOf({ moduleId }: TestSpecification): number {
  return seconds[basename(moduleId)] ?? 0;
}
