/** Everything that is done every so often is done at these moments. */
export const beatMs = 500;

const tasks = new Set<Task>();
let timer: NodeJS.Timeout | undefined;
let timerOf: typeof setInterval | undefined;

/**
 * Calls `task` every `everyMs`, rounded up to whole beats of 500 ms, all tasks of the process in the same turns: with a timer
 * for each, a process that has nothing to do would wake many times a second. It does not keep the process alive. Below
 * one beat a task has a timer of its own. Returns how to end it.
 */
export function everyBeat(everyMs: number, task: () => void): () => void {
  if (everyMs < beatMs) {
    const own = setInterval(task, everyMs).unref();
    return () => clearInterval(own);
  }
  const each: Task = { task, everyBeats: Math.ceil(everyMs / beatMs), beats: 0 };
  tasks.add(each);
  // A timer of other timers, as tests have them, may be none any more.
  if (timerOf !== setInterval) {
    clearInterval(timer);
    timerOf = setInterval;
    timer = setInterval(beat, beatMs).unref();
  }
  return () => {
    tasks.delete(each);
    if (tasks.size > 0) return;
    clearInterval(timer);
    timerOf = undefined;
  };
}

/** The same once. Returns how to call it off. */
export function atBeat(afterMs: number, task: () => void): () => void {
  const end = everyBeat(afterMs, () => {
    end();
    task();
  });
  return end;
}

function beat(): void {
  for (const each of tasks) {
    each.beats += 1;
    if (each.beats % each.everyBeats === 0) each.task();
  }
}

interface Task {
  readonly task: () => void;
  readonly everyBeats: number;
  beats: number;
}
