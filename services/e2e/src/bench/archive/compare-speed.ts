import { constants, createZstdCompress } from 'node:zlib';
import {
  ArchiveKeys,
  buildDictionary,
  canonicalLine,
  compareSlots,
  type SlotDocument,
  writeSegments,
} from '@parlance/storage';
import { benchMonth, chatMessages } from './chat-texts.js';
import { discardingStore } from './discarding-store.js';

/** How long each way took in the best of several turns, and what came out. */
export interface SpeedReport {
  /** Bytes of all lines. */
  readonly rawBytes: number;
  readonly records: number;
  readonly ways: readonly { readonly name: string; readonly cpuMs: number; readonly bytes: number }[];
}

/** Turns of each way; they alternate, so that other work on the machine falls on all. */
const turns = 5;

/**
 * Compresses the same lines by `zstd -3` as one stream, and writes the same documents as an archive, in blocks of several sizes,
 * with and without dictionary and encryption. Time is that of the processor in this process.
 */
export async function compareSpeed(messages: number): Promise<SpeedReport> {
  const documents = [...chatMessages(messages)].toSorted((one, other) =>
    compareSlots(positionOf(one), positionOf(other)),
  );
  const lines = documents.map((document) => `${canonicalLine(document)}\n`);
  const chunks: Buffer[] = [];
  for (let from = 0; from < lines.length; from += 160) chunks.push(Buffer.from(lines.slice(from, from + 160).join('')));
  const step = lines.length / 400;
  const sample = Array.from({ length: 400 }, (_, index) => (lines[Math.floor(index * step)] ?? '').trimEnd());
  const content = buildDictionary(sample);
  const dictionary = content && { content, sha256: '0'.repeat(64) };
  const keys = new ArchiveKeys([{ id: 'bench', secret: new Uint8Array(32).fill(1) }]);
  const plain = { documents, keys: new ArchiveKeys() };
  const blocks = (records: number, bytes: number) => ({ limits: { records, bytes } });
  const ways: readonly (readonly [string, () => Promise<number>])[] = [
    ['zstd -3, one stream', () => oneStream(chunks)],
    ['archive: blocks of 200 or 64 KiB, dictionary', () => archived({ ...plain, dictionary })],
    ['archive: the same, encrypted', () => archived({ documents, keys, dictionary })],
    ['archive: blocks of 200 or 64 KiB, none', () => archived(plain)],
    ['archive: blocks of 100, dictionary', () => archived({ ...plain, dictionary, ...blocks(100, 2 ** 20) })],
    ['archive: blocks of 100, none', () => archived({ ...plain, ...blocks(100, 2 ** 20) })],
    ['archive: blocks of 50, dictionary', () => archived({ ...plain, dictionary, ...blocks(50, 2 ** 20) })],
    ['archive: blocks of 50, none', () => archived({ ...plain, ...blocks(50, 2 ** 20) })],
    ['archive: blocks of 400, dictionary', () => archived({ ...plain, dictionary, ...blocks(400, 2 ** 20) })],
    ['archive: blocks of 400, none', () => archived({ ...plain, ...blocks(400, 2 ** 20) })],
  ];
  const best = new Map<string, { cpuMs: number; bytes: number }>();
  for (let turn = 0; turn < turns; turn++) {
    for (const [name, work] of ways) {
      const before = process.cpuUsage();
      const bytes = await work();
      const { user, system } = process.cpuUsage(before);
      const cpuMs = (user + system) / 1_000;
      if (cpuMs < (best.get(name)?.cpuMs ?? Number.POSITIVE_INFINITY)) best.set(name, { cpuMs, bytes });
    }
  }
  const rawBytes = chunks.reduce((sum, { length }) => sum + length, 0);
  return { rawBytes, records: lines.length, ways: [...best].map(([name, figures]) => ({ name, ...figures })) };
}

async function oneStream(chunks: readonly Buffer[]): Promise<number> {
  const stream = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const ended = new Promise((resolve, reject) => stream.once('end', resolve).once('error', reject));
  for (const chunk of chunks) {
    if (!stream.write(chunk)) await new Promise((resolve) => stream.once('drain', resolve));
  }
  stream.end();
  await ended;
  return bytes;
}

async function archived({
  documents,
  keys,
  dictionary,
  limits,
}: {
  readonly documents: readonly SlotDocument[];
  readonly keys: ArchiveKeys;
  readonly dictionary?: { readonly content: Buffer; readonly sha256: string } | undefined;
  readonly limits?: { readonly records: number; readonly bytes: number };
}): Promise<number> {
  const store = discardingStore();
  const options = { store, keys, month: benchMonth, keyOf: (index: number) => `${index}`, dictionary };
  const batches = Array.from({ length: Math.ceil(documents.length / 1_000) }, (_, index) =>
    documents.slice(1_000 * index, 1_000 * (index + 1)),
  );
  let bytes = 0;
  for await (const segment of writeSegments(batches, limits ? { ...options, limits } : options)) bytes += segment.bytes;
  return bytes;
}

function positionOf({ roomId, messageId }: SlotDocument) {
  return { roomId, messageId: Number(messageId) };
}
