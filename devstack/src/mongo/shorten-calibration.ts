/** `cmp rax, 99999999; jbe back to the loop; rdtsc`: where WiredTiger's busy loop of 100,000,000 turns ends, in x86-64. */
const endOfLoop = Buffer.from('483dffe0f505', 'hex');
const OFFSET_OF_LIMIT = 2;
const OFFSET_OF_JUMP = 6;
const JUMP_IF_BELOW_OR_EQUAL = 0x76;
const OFFSET_AFTER_JUMP = 8;
const readTimeStamp = Buffer.from('0f31', 'hex');

/** As many turns take about 2 ms, still 100,000 times what reading a clock takes. */
const LAST_TURN = 999_999;

/**
 * The program of a mongod, changed so that it starts with a hundredth of the turns in which WiredTiger compares the CPU's counter with
 * the clock; `undefined` where it has no such loop, or has more than one place that looks like it. Before 8.1 a start spends 0.55 of
 * its 0.8 s of CPU there, and nothing configures it: https://github.com/wiredtiger/wiredtiger/pull/11298. Nothing else is changed.
 */
export function shortenCalibration(program: Buffer): Buffer | undefined {
  const [place, ...others] = placesOfLoop(program);
  if (place === undefined || others.length > 0) return undefined;
  const changed = Buffer.from(program);
  changed.writeUInt32LE(LAST_TURN, place + OFFSET_OF_LIMIT);
  return changed;
}

function placesOfLoop(program: Buffer): readonly number[] {
  const places: number[] = [];
  for (let at = program.indexOf(endOfLoop); at >= 0; at = program.indexOf(endOfLoop, at + 1)) {
    const after = at + OFFSET_AFTER_JUMP;
    const jumps = program[at + OFFSET_OF_JUMP] === JUMP_IF_BELOW_OR_EQUAL;
    if (jumps && program.subarray(after, after + readTimeStamp.length).equals(readTimeStamp)) places.push(at);
  }
  return places;
}
