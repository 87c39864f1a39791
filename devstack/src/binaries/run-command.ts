import { spawn } from 'node:child_process';
import { inheritedEnvironment } from '../locations.config.js';

/**
 * Runs a short command to its end and returns what it printed. Throws a one-line error with its last words when it cannot be
 * started, ends with anything but 0, or is not done after `timeoutMs` (default 600,000).
 */
export function runCommand(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const { cwd, env = {}, timeoutMs = 600_000, onLine, signal } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      ...(cwd === undefined ? {} : { cwd }),
      ...(signal === undefined ? {} : { signal }),
      env: { ...inheritedEnvironment(), LC_ALL: 'C', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    let output = '';
    let everything = '';
    const listen =
      (isOutput: boolean) =>
      (chunk: Buffer): void => {
        const text = chunk.toString('utf8');
        everything = (everything + text).slice(-20_000);
        if (isOutput) output += text;
        for (const line of text.split('\n')) onLine?.(line);
      };
    child.stdout.on('data', listen(true));
    child.stderr.on('data', listen(false));
    child.once('error', (error) =>
      reject(signal?.aborted ? signal.reason : new Error(`${command} cannot be run: ${error.message}`)),
    );
    child.once('close', (code, killedBy) => {
      if (code === 0) return resolve(output);
      const how = killedBy === null ? `ended with ${code}` : `was ended by ${killedBy}`;
      reject(new CommandError(`${command} ${args[0] ?? ''} ${how}: ${lastWords(everything)}`.trim(), everything));
    });
  });
}

/** See {@link runCommand}. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Called with each line of stdout and stderr as it comes. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** A command that ran and failed; `output` is the end of what it printed. */
class CommandError extends Error {
  constructor(
    message: string,
    readonly output: string,
  ) {
    super(message);
    this.name = 'CommandError';
  }
}

/** The line that names the error, or the last one, without the rest of the noise. */
function lastWords(text: string): string {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.findLast((line) => /^(E:|ERROR|error|fatal)/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
  return telling.slice(0, 300);
}
