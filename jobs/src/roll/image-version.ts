const pattern = /:v?(?<major>\d{1,3})(?:\.(?<minor>\d{1,3}))?(?:[.@_-][^/]*)?$/;

/** The first two numbers of a version. */
export interface MajorMinor {
  readonly major: number;
  readonly minor: number;
}

/**
 * The version that the tag of an image begins with: `docker.io/library/mongo:8.0.4-noble` is 8.0, `:8` is 8.0. Undefined where it begins
 * with none, or the image is named by its digest alone. Pure.
 */
export function imageVersion(image: string): MajorMinor | undefined {
  const { major, minor = '0' } = pattern.exec(image)?.groups ?? {};
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor) };
}

/** Below zero when the first is the older, 0 when both are the same or one is not known. Pure. */
export function compareVersions(one: MajorMinor | undefined, other: MajorMinor | undefined): number {
  if (one === undefined || other === undefined) return 0;
  return one.major - other.major || one.minor - other.minor;
}
