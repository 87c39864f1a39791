import { useEffect, useState } from 'preact/hooks';

/** The present time in Unix milliseconds, renewed every `everyMs` (default half a minute). */
export function useNow(everyMs = 30_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
