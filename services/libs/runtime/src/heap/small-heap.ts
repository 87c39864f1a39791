const youngGeneration = '--max-semi-space-size=';

/**
 * Young objects get 4 MiB (by default 16 or more), which is enough for a batch of records or a burst of messages to die in; and
 * the old ones are looked through when there are 20 % more of them, not when there are several times as many.
 */
const smallHeap = [`${youngGeneration}4`, '--heap-growing-percent=20'];

/**
 * Begins this process anew, by its own id, with a heap that is kept small: a process runs beside others, and V8 would
 * rather keep garbage than collect it. V8 reads the size of its young generation once, before any code runs, so a flag that is set
 * from inside comes too late. Does nothing when the command line of Node names that size already, or where a process
 * cannot be replaced (Windows). Call it before anything else is loaded.
 */
export function keepHeapSmall({ execve, execPath, execArgv, argv }: ReplaceableProcess): void {
  if (!execve || execArgv.some((option) => option.startsWith(youngGeneration))) return;
  execve(execPath, [execPath, ...smallHeap, ...execArgv, ...argv.slice(1)]);
}

/** What is needed of `process`. */
export type ReplaceableProcess = Pick<NodeJS.Process, 'execve' | 'execPath' | 'execArgv' | 'argv'>;
