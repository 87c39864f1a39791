import type { MonthInventory } from '@parlance/client';
import { useCallback, useEffect, useState } from 'preact/hooks';

/** Between two looks while the page is open, milliseconds: the chat service itself looks once a minute. */
const everyMs = 60_000;

/** What the jobs know, read at once, every minute, and whenever `refresh` is called. What was read stays while it cannot be read anew. */
export function useMonths(read: () => Promise<MonthInventory>): MonthsState {
  const [state, setState] = useState<Omit<MonthsState, 'refresh'>>({ isReading: true });
  const refresh = useCallback(async (): Promise<void> => {
    setState((before) => ({ ...before, isReading: true }));
    try {
      const inventory = await read();
      setState({ inventory, readAt: Date.now(), isReading: false });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      setState(({ inventory, readAt }) => ({ inventory, readAt, problem, isReading: false }));
    }
  }, [read]);
  useEffect(() => {
    void refresh();
    const timer = setInterval(() => void refresh(), everyMs);
    return () => clearInterval(timer);
  }, [refresh]);
  return { ...state, refresh };
}

/** See {@link useMonths}. */
export interface MonthsState {
  readonly inventory?: MonthInventory | undefined;
  /** When it was read, Unix milliseconds. */
  readonly readAt?: number | undefined;
  /** Why it could not be read the last time. */
  readonly problem?: string | undefined;
  readonly isReading: boolean;
  readonly refresh: () => Promise<void>;
}
