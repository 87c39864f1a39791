/** How often a connection is asked for a sign of life. Clients are told both when they connect, and wait for the sum of them. */
export const pingIntervalMs = 25_000;

/** How long it may take to give one. */
export const pingTimeoutMs = 20_000;
