import { z } from 'zod';

/**
 * Schemas that have a name in TypeScript: a type of it is generated and exported, and others refer to it. What has none is
 * written out where it is used.
 */
export const typeNames = z.registry<TypeName>();

/** See {@link typeNames}. */
export interface TypeName {
  readonly name: string;
  /** Another schema or module declares the type. */
  readonly isDeclaredElsewhere?: true;
}
