/** A right that one process at a time has, as it lies in `leases`. It is over when MongoDB's clock is past `until`. */
export interface LeaseDocument {
  /** What it is for: `jobs`. */
  readonly _id: string;
  /** Random text of the holder; whoever has another one does not hold it. */
  readonly token: string;
  /** Who holds it, for people: a command, a process and its machine. */
  readonly holder: string;
  readonly since: Date;
  readonly until: Date;
}
