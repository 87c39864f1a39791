import { verdict } from '../verdict.js';
import type { CollectionReport } from './archive-collection.js';
import type { SpeedReport } from './compare-speed.js';

/** The figures as text. */
export function archiveTable(speed: SpeedReport | undefined, collections: readonly CollectionReport[]): string {
  return [...(speed ? speedLines(speed) : []), ...(collections.length > 0 ? collectionLines(collections) : [])].join(
    '\n',
  );
}

function speedLines({ rawBytes, records, ways }: SpeedReport): string[] {
  const [stream, archive] = ways;
  if (!stream || !archive) return [];
  const speed = stream.cpuMs / archive.cpuMs;
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
    `speed of the archive against zstd -3: ${speed.toFixed(2)} x, at least 0.5 x: ${verdict(speed, { atLeast: 0.5 })}`,
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
    ...memoryLines(reports),
  ];
}

function memoryLines([small, large]: readonly CollectionReport[]): string[] {
  if (!small || !large) return [];
  const [more, peak] = [large.peakMiB / small.peakMiB, Math.max(small.peakMiB, large.peakMiB)];
  return [
    `memory: ${peak.toFixed(0)} MiB, at most 150: ${verdict(peak, { atMost: 150 })}; ${(large.messages / small.messages).toFixed(0)} times the messages take ${more.toFixed(2)} x of it`,
    `size: ${sizeText('data', large.archiveBytes / large.storageBytes)}; ${sizeText('data and indexes', large.archiveBytes / large.withIndexBytes)}`,
  ];
}

function sizeText(of: string, share: number): string {
  return `${share.toFixed(2)} x of ${of}, at most 0.25 x: ${verdict(share, { atMost: 0.25 })}`;
}

function row(name: string, ...figures: readonly string[]): string {
  return `${name.padEnd(62)}${figures.map((figure) => figure.padStart(12)).join('')}`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
