import { readFileSync } from 'node:fs';
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
    plugins: [placesKept(program)],
    onLog(level, log, report) {
      // Nest offers transports whose packages nobody has to install.
      if (log.code !== 'UNRESOLVED_IMPORT') report(level, log);
    },
    output: { dir: `${program}/dist-bundle`, format: 'esm', cleanDir: true },
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
