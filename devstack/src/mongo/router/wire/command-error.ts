import type { Document } from 'mongodb';

/** An answer of failure in the server's own form. */
export class CommandError extends Error {
  override readonly name = 'CommandError';

  constructor(
    readonly code: number,
    readonly codeName: string,
    message: string,
  ) {
    super(message);
  }

  toReply(): Document {
    return { ok: 0, errmsg: this.message, code: this.code, codeName: this.codeName };
  }
}

/** A server's answer of failure, to be handed on. */
export class FailedAnswer extends Error {
  override readonly name = 'FailedAnswer';

  constructor(readonly reply: Document) {
    super(String(reply['errmsg']));
  }
}
