import { spawn } from 'node:child_process';
import { k8sEnvironment } from '../k8s.config.js';

/** How long after its end what a program has written may still be on its way, milliseconds. */
const lastWordsMs = 2_000;

/**
 * Runs a program to its end and answers what it wrote to stdout. Rejects with its last words when it cannot be started, ends
 * with anything but 0, or is not done in time (default a quarter of an hour).
 */
export function runProgram(program: string, args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { env = {}, timeoutMs = 900_000, input } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env: { ...k8sEnvironment().inherited, ...env },
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    });
    // Not spawn's own: that goes on, and keeps this process, when the program cannot be started.
    const timer = setTimeout(() => child.kill(), timeoutMs);
    let output = '';
    let words = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-20_000)));
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(new Error(`${program} cannot be run: ${error.message}`));
    });
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      clearTimeout(timer);
      if (code === 0) return resolve(output);
      const said = `${output.slice(-2_000)}\n${words}`.trim().split('\n').slice(-25).join('\n  ');
      reject(new Error(`${program} ${args.slice(0, 4).join(' ')} ended with ${signal ?? code}:\n  ${said}`));
    };
    child.once('close', finish);
    // What a script leaves running in the background may hold its output open for ever.
    child.once('exit', (code, signal) => setTimeout(() => finish(code, signal), lastWordsMs));
    // A program that does not read to the end says by its exit code what became of it.
    child.stdin?.on('error', () => {}).end(input);
  });
}

/** See {@link runProgram}. */
export interface ProgramOptions {
  /** Beside what this process has. */
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** What it reads from stdin; default nothing. */
  readonly input?: string;
}
