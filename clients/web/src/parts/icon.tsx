import type { JSX } from 'preact';

const paths = {
  add: ['M10 4v12', 'M4 10h12'],
  back: ['M12 4 6 10l6 6'],
  chat: [
    'M5.5 4h9A2.5 2.5 0 0 1 17 6.5v5a2.5 2.5 0 0 1-2.5 2.5H9l-3.6 2.9a.4.4 0 0 1-.6-.4V14A2.5 2.5 0 0 1 3 11.5v-5A2.5 2.5 0 0 1 5.5 4z',
  ],
  check: ['m4 10.5 4 4 8-9'],
  clock: ['M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z', 'M10 6.5V10l2.5 1.5'],
  close: ['m5 5 10 10', 'm15 5-10 10'],
  contrast: ['M10 3.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13z', 'M10 3.5a6.5 6.5 0 0 1 0 13z'],
  down: ['m5 8 5 5 5-5'],
  leave: ['M8 4H5.5A1.5 1.5 0 0 0 4 5.5v9A1.5 1.5 0 0 0 5.5 16H8', 'M8.5 10H16', 'm13 7 3 3-3 3'],
  months: [
    'M4.5 5h11A1.5 1.5 0 0 1 17 6.5v8a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5v-8A1.5 1.5 0 0 1 4.5 5z',
    'M3 9h14',
    'M7 3v3',
    'M13 3v3',
  ],
  moon: ['M15.8 11.7A6.3 6.3 0 0 1 8.3 4.2a6.3 6.3 0 1 0 7.5 7.5z'],
  pencil: ['m4 16 .8-3.2 8.5-8.5a1.4 1.4 0 0 1 2 0l.4.4a1.4 1.4 0 0 1 0 2l-8.5 8.5z', 'm12 5.7 2.3 2.3'],
  people: [
    'M7.5 4.5a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2z',
    'M2.8 16c.3-2.5 2.2-4 4.7-4s4.4 1.5 4.7 4',
    'M13 5a2.3 2.3 0 0 1 0 4.5',
    'M14.5 12.4c1.5.5 2.5 1.7 2.7 3.6',
  ],
  search: ['M9 4a5 5 0 1 1 0 10A5 5 0 0 1 9 4z', 'm12.8 12.8 3.7 3.7'],
  send: ['M10 16V4.5', 'm5 9 5-5 5 5'],
  sun: [
    'M10 6.8a3.2 3.2 0 1 1 0 6.4 3.2 3.2 0 0 1 0-6.4z',
    'M10 2.5v1.5',
    'M10 16v1.5',
    'M2.5 10H4',
    'M16 10h1.5',
    'm4.7 4.7 1 1',
    'm14.3 14.3 1 1',
    'm4.7 15.3 1-1',
    'm14.3 5.7 1-1',
  ],
} as const;

/** A line drawing, 20 pixels unless told. It says nothing to a screen reader: what it stands on has a label. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }): JSX.Element {
  return (
    <svg
      class={`icon icon-${name}`}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      {paths[name].map((path) => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

/** All icons. */
export type IconName = keyof typeof paths;
