import { defineConfig } from 'vite';

/** Builds the page into `dist-web`, with relative paths, so that it may be served from any folder. */
export default defineConfig({
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: { outDir: 'dist-web', emptyOutDir: true, target: 'es2022', modulePreload: { polyfill: false } },
});
