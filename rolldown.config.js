import { readFileSync } from 'node:fs';
import http from 'node:http';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'rolldown';

/** What is started again and again, and is an image of its own. */
const programs = ['services/gateway', 'services/chat-service', 'jobs'];

/**
 * What stays a package: it looks for files beside its own (gRPC's protobuf files, pino's threads), is loaded only where somebody
 * asks for it (traces, Kubernetes, S3), or offers others what is optional to it (MongoDB's encryption).
 */
const packages = [
  /^@grpc\//,
  /^grpc-health-check/,
  /^protobufjs/,
  /^pino/,
  /^mongo(?:db|ose)/,
  /^@opentelemetry\/sdk-node/,
  /^@kubernetes\//,
  /^@aws-sdk\//,
  /^@smithy\//,
];

const [nothing, absent, httpOnly] = ['\0nothing', '\0absent', '\0http'];

/** What `node:http` has from undici. */
const ofFetch = ['WebSocket', 'CloseEvent', 'MessageEvent'];

/**
 * `tsc` has built each file by itself; here each program becomes a few files, which start with half of the CPU (ADR 0046).
 * Not minified: a stack trace shows names.
 */
export default defineConfig(
  programs.map((program) => ({
    input: `${program}/dist/main.js`,
    external: packages,
    platform: 'node',
    tsconfig: false, // an image has only a part of the projects (findings/rolldown-1-tsconfig-references.sh)
    plugins: [placesKept(program), leftOut(program), httpAlone(), latin1()],
    onLog(level, log, report) {
      // Nest offers transports whose packages nobody has to install.
      if (log.code !== 'UNRESOLVED_IMPORT') report(level, log);
    },
    output: {
      dir: `${program}/dist-bundle`,
      format: 'esm',
      cleanDir: true,
      comments: false,
    },
  })),
);

/** A module that reads a file beside it finds it from the bundle, too: in its own package or in the one that it came from. */
function placesKept(program) {
  const root = fileURLToPath(new URL('.', import.meta.url));
  return {
    name: 'places-kept',
    transform(code, id) {
      const path = relative(root, id);
      const [workspace, place] = path.split('/dist/');
      if (place === undefined || path.includes('node_modules') || !code.includes('import.meta.url')) return null;
      const { name } = JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'));
      const base = workspace === program ? ['../dist/', 'import.meta.url'] : ['./', `import.meta.resolve('${name}')`];
      return code.replaceAll('import.meta.url', `new URL('${base[0]}${place}', ${base[1]}).href`);
    },
  };
}

/**
 * What libraries load whatever is used of them, and what a process would keep in memory as long as it lives: uploads of files;
 * texts in encodings of East Asia, of which bodies are none; where nobody listens for calls of Nest, its transports, which it looks
 * for and can do without; and of one list of media types four copies.
 */
function leftOut(program) {
  const { resolve } = createRequire(import.meta.url);
  return {
    name: 'left-out',
    resolveId: {
      order: 'pre',
      handler(source, importer) {
        if (source === './multer/index.js' && importer?.includes('@nestjs/platform-express')) return nothing;
        if (/^\.\/tables\/.*\.json$/.test(source) && importer?.includes('/iconv-lite/')) return absent;
        if (source.startsWith('@nestjs/microservices') && program === 'services/gateway') return absent;
        return /^mime-(?:db|types)$/.test(source) ? resolve(source) : null;
      },
    },
    load(id) {
      if (id === nothing) return 'export {};';
      return id === absent ? "throw new Error('it is not in this program');" : null;
    },
  };
}

/**
 * An `import` of `node:http` reads all that it exports, the WebSocket of `fetch` too, and so loads undici, which nobody here uses
 * (findings/node-24-import-of-http.sh).
 */
function httpAlone() {
  const names = Object.keys(http).filter((name) => !ofFetch.includes(name));
  return {
    name: 'http-alone',
    resolveId: {
      order: 'pre',
      handler: (source, _importer, { kind }) =>
        /^(?:node:)?http$/.test(source) && kind === 'import-statement' ? httpOnly : null,
    },
    load: (id) =>
      id === httpOnly
        ? `const http = process.getBuiltinModule('node:http'); export default http; export const { ${names.join(', ')} } = http;`
        : null,
  };
}

/** A text with a single letter beyond Latin 1 takes two bytes of memory for each of its letters. */
function latin1() {
  return {
    name: 'latin1',
    // Not before: chunks are read and printed once more, letters as they are (findings/rolldown-1-letters-after-render-chunk.sh).
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle))
        if (file.type === 'chunk')
          file.code = file.code.replace(
            /[\u0100-\uFFFF]/g,
            (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
          );
    },
  };
}
