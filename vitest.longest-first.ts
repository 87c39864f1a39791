import { basename } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds that a file takes; of files not named here, less. One that is wrong costs time and breaks nothing. */
const seconds: Readonly<Record<string, number>> = {
  'roll-mongodb.int-spec.ts': 90,
  'cli.int-spec.ts': 80,
  'smoke.int-spec.ts': 75,
  'failures.e2e-spec.ts': 60,
  'link.int-spec.ts': 45,
  'web.int-spec.ts': 42,
  'secret-rotation.e2e-spec.ts': 38,
  'one-room.e2e-spec.ts': 35,
  'operations.e2e-spec.ts': 35,
  'package.int-spec.ts': 33,
  'cluster.int-spec.ts': 32,
  'conformance.e2e-spec.ts': 30,
  'model.spec.ts': 15,
  'pack-package.spec.ts': 11,
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
