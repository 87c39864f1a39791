/** A value in a unit of Grafana, short enough for an axis: "1.5 k", "20 ms", "64 MiB", "12 %". */
export function shownValue(value: number, unit: string): string {
  if (value === 0) return '0';
  switch (unit) {
    case 's':
      return scaled(value, seconds);
    case 'ms':
      return scaled(value / 1_000, seconds);
    case 'bytes':
    case 'decbytes':
      return scaled(value, bytes);
    case 'Bps':
    case 'binBps':
      return `${scaled(value, bytes)}/s`;
    case 'percentunit':
      return `${digits(value * 100)} %`;
    case 'percent':
      return `${digits(value)} %`;
    case 'reqps':
    case 'ops':
    case 'cps':
    case 'wps':
    case 'rps':
      return `${scaled(value, counts)}/s`;
    default:
      return scaled(value, counts);
  }
}

type Scale = readonly (readonly [factor: number, suffix: string])[];

/** The first that is not larger than the value; the last one for what is smaller. */
const seconds: Scale = [
  [86_400, ' d'],
  [3_600, ' h'],
  [60, ' min'],
  [1, ' s'],
  [1e-3, ' ms'],
  [1e-6, ' µs'],
];
const bytes: Scale = [
  [2 ** 30, ' GiB'],
  [2 ** 20, ' MiB'],
  [2 ** 10, ' KiB'],
  [1, ' B'],
];
const counts: Scale = [
  [1e9, ' G'],
  [1e6, ' M'],
  [1e3, ' k'],
  [0, ''],
];

function scaled(value: number, scale: Scale): string {
  const [factor, suffix] = scale.find(([from]) => Math.abs(value) >= from) ?? scale.at(-1) ?? [0, ''];
  return `${digits(value / (factor || 1))}${suffix}`;
}

function digits(value: number): string {
  return String(Number(value.toPrecision(3)));
}
