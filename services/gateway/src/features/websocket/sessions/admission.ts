/** Whether handshakes are taken. A gateway that is told to stop takes them for a while yet, though it is not ready. */
export class Admission {
  private closed = false;

  get isClosed(): boolean {
    return this.closed;
  }

  /** From here on handshakes are refused with SHUTTING_DOWN; there is no way back. */
  close(): void {
    this.closed = true;
  }
}
