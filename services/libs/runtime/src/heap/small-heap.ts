const youngGeneration = '--max-semi-space-size=';

/**
 * Begins this process anew, by its own id, with a heap that is kept small: a process runs beside others, and V8 would
 * rather keep garbage than collect it. V8 reads the size of its young generation once, before any code runs, so a flag that is set
 * from inside comes too late. Does nothing when the command line of Node names that size already, or where a process
 * cannot be replaced (Windows). Call it before anything else is loaded.
 */
export function keepHeapSmall({ execve, execPath, execArgv, argv }: ReplaceableProcess, size: HeapSize): void {
  if (!execve || execArgv.some((option) => option.startsWith(youngGeneration))) return;
  const smallHeap = [`${youngGeneration}${size.youngMiB}`, `--heap-growing-percent=${size.growthPercent}`];
  execve(execPath, [execPath, ...smallHeap, ...execArgv, ...argv.slice(1)]);
}

/** How small: less memory is more CPU. */
export interface HeapSize {
  /** Of the young generation, in which a batch of records or a burst of messages should die; V8's own is 16 or more. */
  readonly youngMiB: number;
  /** Old objects are looked through when there are so many more of them; V8 would wait for several times as many. */
  readonly growthPercent: number;
}

/** What is needed of `process`. */
export type ReplaceableProcess = Pick<NodeJS.Process, 'execve' | 'execPath' | 'execArgv' | 'argv'>;
