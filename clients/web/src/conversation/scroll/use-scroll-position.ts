import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { bottomOf, isAtEnd, rowAtTop, topOf } from './scroll-geometry.js';

const theEnd: Place = { scrollTop: undefined, isAtEnd: true, anchor: undefined };

/**
 * Keeps a log where its reader is, whatever is added above or below: at its end when that is in view, otherwise the row at
 * the top stays where it is. Opens at the divider when there is one, else at the end; goes to the end when one sends.
 *
 * @param moved called after every movement and change, when the log stands still again.
 */
export function useScrollPosition(
  scroller: RefObject<HTMLElement | null>,
  shown: { readonly items: unknown; readonly sentCount: number },
  moved: () => void,
): ScrollPosition {
  const [isAtBottom, setAtBottom] = useState(true);
  const place = useRef(theEnd);
  const last = useRef({ isOpened: false, sentCount: shown.sentCount });
  const tell = useRef(moved);
  tell.current = moved;
  // Rendering comes before the rows change: the last moment to see a movement whose event is still under way.
  if (scroller.current && scroller.current.scrollTop !== place.current.scrollTop) {
    place.current = placeIn(scroller.current);
  }

  const remember = useCallback(() => {
    const log = scroller.current;
    if (!log) return;
    place.current = placeIn(log);
    setAtBottom(place.current.isAtEnd);
    tell.current();
  }, [scroller]);

  const restore = useCallback(() => {
    const log = scroller.current;
    if (!log) return;
    const { isAtEnd, anchor } = place.current;
    if (isAtEnd) log.scrollTop = log.scrollHeight;
    else if (anchor) {
      const row = log.querySelector<HTMLElement>(`[data-key="${CSS.escape(anchor.key)}"]`);
      if (row) log.scrollTop += bottomOf(log, row) - anchor.bottom;
    }
    remember();
  }, [scroller, remember]);

  useLayoutEffect(() => {
    const log = scroller.current;
    const divider = log?.querySelector<HTMLElement>('.unread');
    if (log && !last.current.isOpened && divider) log.scrollTop += topOf(log, divider) - log.clientHeight / 4;
    if (last.current.sentCount !== shown.sentCount) place.current = theEnd;
    const opensAtDivider = !last.current.isOpened && divider !== null && divider !== undefined;
    last.current = { isOpened: last.current.isOpened || hasRows(log), sentCount: shown.sentCount };
    if (opensAtDivider) remember();
    else restore();
  }, [shown.items, shown.sentCount, scroller, remember, restore]);

  useEffect(() => {
    const log = scroller.current;
    if (!log) return;
    // The window, the keyboard of a phone and a growing composer change the height without any change of the rows.
    const sizes = new ResizeObserver(restore);
    for (const element of [log, log.firstElementChild]) if (element) sizes.observe(element);
    log.addEventListener('scroll', remember, { passive: true });
    return () => {
      sizes.disconnect();
      log.removeEventListener('scroll', remember);
    };
  }, [scroller, remember, restore]);

  const toBottom = useCallback(() => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: isCalm ? 'auto' : 'smooth' });
  }, [scroller]);
  return { isAtBottom, toBottom };
}

/** See {@link useScrollPosition}. */
export interface ScrollPosition {
  readonly isAtBottom: boolean;
  readonly toBottom: () => void;
}

interface Place {
  /** Undefined: nobody was there yet. */
  readonly scrollTop: number | undefined;
  readonly isAtEnd: boolean;
  /** The message at the top of the view and how far its end is from there, pixels: its own top changes with its group. */
  readonly anchor: { readonly key: string; readonly bottom: number } | undefined;
}

function placeIn(log: HTMLElement): Place {
  const row = rowAtTop(log);
  const anchor = row && { key: row.dataset['key'] ?? '', bottom: bottomOf(log, row) };
  return { scrollTop: log.scrollTop, isAtEnd: isAtEnd(log), anchor };
}

function hasRows(log: HTMLElement | null): boolean {
  return log?.querySelector('.message') !== null;
}
