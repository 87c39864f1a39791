/** What is the matter with an archive or with the place that it lies in. */
export type ArchiveTrouble =
  /** The store did not answer, or not in time. Trying again may help. */
  | 'unavailable'
  /** Bytes are not those that were written: flipped, cut short, swapped. Trying again does not help. */
  | 'damaged'
  /** An object that has to be there is not. */
  | 'missing'
  /** An object stands where a new one was to be put. */
  | 'exists'
  /** The store has no room left. */
  | 'full'
  /** It is encrypted with a key that this process was not given. */
  | 'noKey'
  /** Records came in an order, or in a shape, that the format does not hold. */
  | 'misused';

/** An archive could not be written or read. Its text names the object, and the part of it, where there is one. */
export class ArchiveFault extends Error {
  override readonly name = 'ArchiveFault';

  constructor(
    readonly trouble: ArchiveTrouble,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
