import { limits, protocolVersion } from '@parlance/proto';
import { describe, expect, it } from 'vitest';
import { readyRooms } from './rooms/room-list.js';
import { namedReaders } from './rooms/state/room-marks.js';
import { protocolVersion as spoken } from './socket/open-socket-io.js';

describe('what the client repeats of the contract, which browsers cannot import', () => {
  it('is what the contract says', () => {
    expect({ spoken, readyRooms, namedReaders }).toEqual({
      spoken: protocolVersion,
      readyRooms: limits.rooms,
      namedReaders: limits.namedReaders,
    });
  });
});
