import { expect, it } from 'vitest';
import { repository } from '../k8s.config.js';
import { productFiles } from './product-files.js';
import { releaseNotes } from './release-notes.js';
import { statedVersions } from './stated-versions.js';
import { withVersion } from './with-version.js';

const files = await productFiles(repository);
const version = (JSON.parse(files.get('package.json') ?? '{}') as { readonly version: string }).version;
const statedIn = (texts: ReadonlyMap<string, string>) =>
  [...texts].flatMap(([path, text]) => statedVersions(path, text));

it('is the same wherever it is stated: workspaces, what they want of each other, the lock file, charts', () => {
  const stated = statedIn(files);
  expect(stated.length).toBeGreaterThan(files.size);
  expect(stated.filter((each) => each.version !== version)).toEqual([]);
});

it('is set in every one of these places and nowhere else', () => {
  const next = new Map([...files].map(([path, text]) => [path, withVersion(path, text, version, '77.8.9-rc.1')]));
  expect(statedIn(next).filter((each) => each.version !== '77.8.9-rc.1')).toEqual([]);
  expect(statedIn(next)).toHaveLength(statedIn(files).length);
  const back = new Map([...next].map(([path, text]) => [path, withVersion(path, text, '77.8.9-rc.1', version)]));
  expect(back).toEqual(files);
});

it('of a package of somebody else stays, also where it is the same', () => {
  const lock = {
    version: '1.2.3',
    packages: {
      '': { version: '1.2.3' },
      jobs: { version: '1.2.3', dependencies: { '@parlance/proto': '1.2.3', zod: '1.2.3' } },
      'node_modules/zod': { version: '1.2.3' },
    },
  };
  expect(JSON.parse(withVersion('package-lock.json', JSON.stringify(lock), '1.2.3', '2.0.0'))).toEqual({
    version: '2.0.0',
    packages: {
      '': { version: '2.0.0' },
      jobs: { version: '2.0.0', dependencies: { '@parlance/proto': '2.0.0', zod: '1.2.3' } },
      'node_modules/zod': { version: '1.2.3' },
    },
  });
  const chart = 'version: 1.2.3\nkubeVersion: 1.2.3\nappVersion: 1.2.3\n';
  expect(withVersion('Chart.yaml', chart, '1.2.3', '2.0.0')).toBe(
    'version: 2.0.0\nkubeVersion: 1.2.3\nappVersion: 2.0.0\n',
  );
});

it('that differs in one place is named with that place', () => {
  const manifest = JSON.stringify({ version: '1.2.3', devDependencies: { '@parlance/proto': '1.2.4' } });
  expect(statedVersions('jobs/package.json', manifest)).toEqual([
    { place: 'jobs/package.json', version: '1.2.3' },
    { place: 'jobs/package.json, @parlance/proto', version: '1.2.4' },
  ]);
});

it('has notes: its section of the changelog without the heading', () => {
  const changelog =
    '# Changelog\n\n## [Unreleased]\n\n- later\n\n## [1.2.3] - 2027-01-31\n\n### Added\n\n- one\n\n## [1.2.2] - 2027-01-01\n\n- old\n';
  expect(releaseNotes(changelog, '1.2.3')).toBe('### Added\n\n- one\n');
  expect(releaseNotes(changelog, '1.2.2')).toBe('- old\n');
});

it.each([
  ['no section', '## [1.2.30] - 2027-01-31\n\n- one\n', 'no section'],
  ['a section without a date', '## [1.2.3]\n\n- one\n', 'has no date'],
  ['an empty section', '## [1.2.3] - 2027-01-31\n\n## [1.2.2] - 2027-01-01\n', 'is empty'],
])('with %s has no notes', (_, changelog, reason) => {
  expect(() => releaseNotes(changelog, '1.2.3')).toThrow(reason);
});
