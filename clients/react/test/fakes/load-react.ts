import { createRequire } from 'node:module';
import { vi } from 'vitest';

/** A React, with the hooks on top of it. */
export interface LoadedReact {
  readonly react: typeof import('react');
  readonly dom: typeof import('react-dom/client');
  readonly server: typeof import('react-dom/server');
  readonly hooks: typeof import('../../src/index.js');
}

/** The Reacts that the hooks are for: the oldest and the newest. */
export const reactVersions = ['18.3.1', '19.3.1'] as const;

/** Loads one of them, and the hooks anew, so that they find that one. */
export async function loadReact(version: (typeof reactVersions)[number]): Promise<LoadedReact> {
  const place = version === '18.3.1' ? '../../../react-18/package.json' : '../../package.json';
  const load = createRequire(new URL(place, import.meta.url));
  const react = load('react') as LoadedReact['react'];
  if (react.version !== version) throw new Error(`found React ${react.version} in place of ${version}`);
  vi.resetModules();
  vi.doMock('react', () => react);
  return {
    react,
    dom: load('react-dom/client') as LoadedReact['dom'],
    server: load('react-dom/server') as LoadedReact['server'],
    hooks: await import('../../src/index.js'),
  };
}
