import { expect, it } from 'vitest';
import { compareVersions, imageVersion } from './image-version.js';

it.each([
  ['docker.io/library/mongo:8.0', 8, 0],
  ['docker.io/library/mongo:8.0.4-noble', 8, 0],
  ['localhost:5000/mongo:7', 7, 0],
  ['percona/mongo:v8.2_ubi@sha256:0a1b', 8, 2],
])('%s is of version %i.%i', (image, major, minor) => {
  expect(imageVersion(image)).toEqual({ major, minor });
});

it.each([
  'mongo',
  'mongo:latest',
  'localhost:5000/mongo',
  'localhost:5000/mongo:noble',
  'mongo@sha256:8a',
  'mongo:2025-01',
])('%s tells no version', (image) => {
  expect(imageVersion(image)).toBeUndefined();
});

it('versions are compared by their numbers, and not where one is unknown', () => {
  expect(compareVersions({ major: 8, minor: 0 }, { major: 10, minor: 0 })).toBeLessThan(0);
  expect(compareVersions({ major: 8, minor: 2 }, { major: 8, minor: 0 })).toBeGreaterThan(0);
  expect(compareVersions(undefined, { major: 8, minor: 0 })).toBe(0);
});
