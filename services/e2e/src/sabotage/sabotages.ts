import { bugs } from './bugs.js';
import { conditions } from './conditions.js';

/** Every sabotage by its name. */
export const sabotages = { ...conditions, ...bugs };

/** A name of {@link sabotages}. */
export type SabotageName = keyof typeof sabotages;
