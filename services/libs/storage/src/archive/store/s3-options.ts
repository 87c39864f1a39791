/** A bucket, and how it is reached. */
export interface S3Options {
  readonly bucket: string;
  /** Beginning of all keys, without a slash at its end; default none. */
  readonly prefix?: string;
  readonly region: string;
  /** URL of a server that is not AWS. */
  readonly endpoint?: string;
  /** `true` where the bucket stands in the path and not in the host's name, as with most servers that are not AWS. */
  readonly forcePathStyle?: boolean;
  /** Default: what the SDK finds (environment, files, the role of the pod or machine). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How long one attempt of a request may take, milliseconds; default 30,000. */
  readonly requestTimeoutMs?: number;
}
