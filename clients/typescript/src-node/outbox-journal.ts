import type { StoredSend } from '@parlance/client';

/** It changes with the form of the lines. */
const heading = '{"file":"parlance outbox","version":1}\n';

/**
 * What a journal says: a line that says what it is, and one line of JSON for each message that was put or removed. What
 * follows the last whole line is ignored: writing it was cut short, and nobody was told that it is there.
 */
export class OutboxJournal {
  private readonly _sends = new Map<string, StoredSend>();
  private lineCount = 0;
  private _isTorn = false;

  /**
   * @param text all of a file; the empty one is a journal, too.
   * @throws an Error when this is another file, or when a line in the middle cannot be read: that is no cut, so nothing is
   * guessed.
   */
  constructor(text: string) {
    if (text === '') return;
    if (!text.startsWith(heading)) throw new Error('the file is not an outbox');
    const pieces = text.slice(heading.length).split('\n');
    // The last piece has no end: whatever it says, the next line would be written right behind it.
    const lines = pieces.slice(0, -1).map(parseLine);
    const count = lines.findLastIndex((line) => line !== undefined) + 1;
    for (const [index, line] of lines.slice(0, count).entries()) {
      if (line === undefined) throw new Error(`line ${index + 2} of the file cannot be read`);
      this.take([line]);
    }
    this._isTorn = count < lines.length || pieces.at(-1) !== '';
  }

  /** In the order in which they were first put. */
  get sends(): readonly StoredSend[] {
    return [...this._sends.values()];
  }

  /** Something follows the last whole line: what is appended there would be spoiled. */
  get isTorn(): boolean {
    return this._isTorn;
  }

  get isEmpty(): boolean {
    return this.lineCount === 0;
  }

  /** Most of its lines say nothing any more. */
  get isLong(): boolean {
    return this.lineCount > 100 && this.lineCount > 4 * this._sends.size;
  }

  /** The whole file, saying the same and no more. */
  get shortText(): string {
    return heading + journalText(this.sends.map((put) => ({ put })));
  }

  /** These lines were appended. */
  take(lines: readonly JournalLine[]): void {
    for (const line of lines) {
      if ('put' in line) this._sends.set(line.put.clientMessageId, line.put);
      else this._sends.delete(line.removed);
    }
    this.lineCount += lines.length;
  }

  /** It consists of {@link shortText} now. */
  shortened(): void {
    this.lineCount = this._sends.size;
    this._isTorn = false;
  }
}

/** Lines as they stand in the file. */
export function journalText(lines: readonly JournalLine[]): string {
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** What happened to one message. */
export type JournalLine = { readonly put: StoredSend } | { readonly removed: string };

function parseLine(text: string): JournalLine | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isJournalLine(line) ? line : undefined;
  } catch {
    return undefined; // Torn, or else the constructor throws.
  }
}

function isJournalLine(value: unknown): value is JournalLine {
  if (typeof value !== 'object' || value === null) return false;
  if ('removed' in value) return typeof value.removed === 'string';
  if (!('put' in value) || typeof value.put !== 'object' || value.put === null) return false;
  const { clientMessageId, userId, roomId, content } = value.put as Partial<StoredSend>;
  return [clientMessageId, userId, roomId, content].every((text) => typeof text === 'string');
}
