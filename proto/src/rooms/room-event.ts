/** All kinds of room event. */
export const roomEventKinds = ['joined', 'left', 'role', 'updated', 'erased'] as const;
