import type { ParlanceClient } from '@parlance/client';
import { createContext } from 'react';

/** The client of everything below a `ParlanceProvider`. */
export const ClientContext = createContext<ParlanceClient | undefined>(undefined);
