import type { CollectionReport } from './archive-collection.js';
import type { SpeedReport } from './compare-speed.js';

/** The figures as text. */
export function archiveTable(speed: SpeedReport | undefined, collections: readonly CollectionReport[]): string {
  return [...(speed ? speedLines(speed) : []), ...(collections.length > 0 ? collectionLines(collections) : [])].join(
    '\n',
  );
}

function speedLines({ rawBytes, records, ways }: SpeedReport): string[] {
  const [stream] = ways;
  if (!stream) return [];
  return [
    `${records} records, ${megabytes(rawBytes)} as lines; processor time, best of several turns`,
    row('', 'MB/s', 'speed', 'size', 'bytes each'),
    ...ways.map(({ name, cpuMs, bytes }) =>
      row(
        name,
        (rawBytes / 1_000 / cpuMs).toFixed(0),
        `${(stream.cpuMs / cpuMs).toFixed(2)} x`,
        `${(bytes / stream.bytes).toFixed(2)} x`,
        (bytes / records).toFixed(1),
      ),
    ),
    '',
  ];
}

function collectionLines(reports: readonly CollectionReport[]): string[] {
  return [
    row('the job: copy, read back, compare', 'seconds', 'peak MiB', 'of data', 'and indexes'),
    ...reports.map(({ messages, seconds, peakMiB, archiveBytes, storageBytes, withIndexBytes }) =>
      row(
        `${messages} messages, ${megabytes(storageBytes)} in MongoDB, ${megabytes(archiveBytes)} archived`,
        seconds.toFixed(1),
        peakMiB.toFixed(0),
        `${(archiveBytes / storageBytes).toFixed(2)} x`,
        `${(archiveBytes / withIndexBytes).toFixed(2)} x`,
      ),
    ),
  ];
}

function row(name: string, ...figures: readonly string[]): string {
  return `${name.padEnd(62)}${figures.map((figure) => figure.padStart(12)).join('')}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
