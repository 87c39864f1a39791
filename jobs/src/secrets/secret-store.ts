/** Where secrets lie. */
export interface SecretStore {
  /** For people: "Secret chat/parlance-secrets". */
  readonly where: string;
  /** What lies there now. Rejects when it cannot be read. */
  read(): Promise<StoredSecrets>;
  /**
   * Adds values whose names are not there, all or none of them, and answers whether it did: `false` when somebody else has
   * changed the place since it was read. Never changes a value that is there. Rejects when it cannot be written.
   */
  add(values: ReadonlyMap<string, string>, read: StoredSecrets): Promise<boolean>;
}

/** What was read. */
export interface StoredSecrets {
  readonly values: ReadonlyMap<string, string>;
  readonly isImmutable: boolean;
  /** What was there when it was read, for the store itself. */
  readonly version: string | undefined;
}
