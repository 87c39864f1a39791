import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMongo } from '@parlance/devstack';
import type { MutantModule } from './modules.js';

const fates: Readonly<Record<string, Mutant['fate']>> = {
  Killed: 'killed',
  Timeout: 'killed',
  Survived: 'survived',
  NoCoverage: 'unreached',
  Ignored: 'explained',
};

/**
 * Mutates the files of a module one change at a time and runs the tests that reach it, by StrykerJS. Resolves with what
 * became of each mutant. Rejects when the tests do not pass without a mutant, or Stryker cannot run.
 *
 * @param root of the repository; it is copied, and nothing in it changes.
 */
export async function runStryker(root: string, module: MutantModule, signal: AbortSignal): Promise<readonly Mutant[]> {
  const folder = await mkdtemp(join(tmpdir(), 'parlance-mutants-'));
  // One for all mutants, each with a database of its own: to start one takes longer than the tests.
  const dataDir = join(folder, 'mongo');
  const mongo = module.needsServers ? await startMongo({ replicas: 1, dataDir, signal }) : undefined;
  try {
    const report = join(folder, 'report.json');
    const settings = join(folder, 'stryker.conf.json');
    await writeFile(settings, JSON.stringify(strykerSettings(module, folder, report)));
    const child = spawn(join(root, 'node_modules/.bin/stryker'), ['run', settings], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, MUTANT_TESTS: module.tests.join(' '), ...(mongo && { TEST_MONGO_URI: mongo.uri }) },
      signal,
      killSignal: 'SIGINT',
    });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`Stryker ended with ${code ?? 'a signal'}; what it says stands above`);
    return readReport(JSON.parse(await readFile(report, 'utf8')) as StrykerReport);
  } finally {
    await mongo?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One change of the source, and whether a test noticed. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  /** Stryker's name of the kind of change. */
  readonly kind: string;
  readonly replacement: string;
  readonly fate: 'killed' | 'survived' | 'unreached' | 'explained' | 'impossible';
}

/**
 * Mutants on two cores: one each. What a file needs besides itself is copied; built files are reached by node_modules. The
 * charts hold links to folders, which Stryker 10.1.1 cannot copy (findings/stryker-linked-folder.sh).
 */
function strykerSettings(module: MutantModule, folder: string, report: string): object {
  return {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'services/e2e/vitest.mutants.ts' },
    mutate: module.mutate,
    ignorePatterns: ['**/dist', '**/dist-*', '.parlance', 'charts', 'docs', 'node_modules'],
    coverageAnalysis: 'perTest',
    concurrency: 2,
    timeoutMS: module.needsServers ? 30_000 : 10_000,
    // Stryker asks TypeScript's JavaScript API for it, which TypeScript 7 does not have (findings/stryker-typescript-7.sh).
    tsconfigFile: 'no-such-tsconfig.json',
    // What a message says to people guards nothing; names of fields and operators are keys, which this does not touch.
    mutator: { excludedMutations: ['StringLiteral'] },
    reporters: ['json', 'progress-append-only'],
    jsonReporter: { fileName: report },
    tempDirName: join(folder, 'sandbox'),
    cleanTempDir: 'always',
    allowConsoleColors: false,
  };
}

/** The part of the report that is read (https://github.com/stryker-mutator/mutation-testing-elements). */
interface StrykerReport {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly mutants: readonly {
          readonly mutatorName: string;
          readonly replacement?: string;
          readonly status: string;
          readonly location: { readonly start: { readonly line: number } };
        }[];
      }
    >
  >;
}

function readReport(report: StrykerReport): readonly Mutant[] {
  return Object.entries(report.files).flatMap(([file, { mutants }]) =>
    mutants.map(({ mutatorName, replacement = '', status, location }) => ({
      file,
      line: location.start.line,
      kind: mutatorName,
      replacement,
      fate: fates[status] ?? 'impossible',
    })),
  );
}
