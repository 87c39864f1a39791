import { defineConfig } from 'vite';

/** The oldest browsers that the page is for. README.md and public/browser-floor.js name them too. */
const browserTargets = ['chrome111', 'edge111', 'firefox115', 'safari16.4'];

/** Builds the page into `dist-web`, with relative paths, so that it may be served from any folder. */
export default defineConfig({
  base: './',
  // The page is made of Preact, which the hooks of @parlance/react take for React.
  resolve: { alias: { react: 'preact/compat' } },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: 'dist-web', emptyOutDir: true, target: browserTargets, modulePreload: { polyfill: false } },
});
