import { connectPerson, type IngressPlace } from './person.js';

/** On a machine so slow that a minute is over in between. */
const rounds = 3;

/** An address that nobody here has (RFC 5737). */
const elsewhere = '203.0.113.7';

/** Far more than an address has a minute; a machine that is slower than its limit would go on for ever. */
const most = 5_000;

/**
 * Two clients of two addresses come in through the ingress. The first shakes hands until it is refused; the second gets in at the same moment,
 * also while it pretends to be the first; and the first stays refused whatever address it claims to have. Answers what was seen, for people.
 *
 * @param addresses of this machine, which the ingress controller sees as they are.
 */
export async function tryTwoAddresses(place: IngressPlace, [spent, other]: readonly [string, string]): Promise<string> {
  for (let round = 0; round < rounds; round++) {
    const taken = await spend({ ...place, from: spent });
    const [neighbour, pretender, liar, still] = [
      await shakeHands({ ...place, from: other }),
      await shakeHands({ ...place, from: other, forwardedFor: spent }),
      await shakeHands({ ...place, from: spent, forwardedFor: elsewhere }),
      await shakeHands({ ...place, from: spent }),
    ];
    // Its minute has ended meanwhile: that shows nothing.
    if (still === 'in') continue;
    if (neighbour !== 'in') throw new Error(`${other} is refused because ${spent} came too often`);
    if (pretender !== 'in') throw new Error(`${other} is refused because it says that it is ${spent}`);
    if (liar === 'in') throw new Error(`${spent} has come too often and gets in by saying that it is ${elsewhere}`);
    return `${spent} was refused with RATE_LIMITED after ${taken} handshakes, ${other} got in meanwhile, and neither is believed when it says that it is somebody else`;
  }
  throw new Error(`in each of ${rounds} rounds the minute of ${spent} ended before four handshakes were answered`);
}

/** Shakes hands, some at a time, until one is refused. Answers how many were not. */
async function spend(place: IngressPlace): Promise<number> {
  for (let taken = 0; taken < most; ) {
    const answers = await Promise.all(Array.from({ length: 20 }, () => shakeHands(place)));
    taken += answers.filter((answer) => answer === 'in').length;
    if (answers.includes('RATE_LIMITED')) return taken;
  }
  throw new Error(`${place.from} shook hands ${most} times and was never refused`);
}

/** Rejects when the answer is another one. */
async function shakeHands(place: IngressPlace): Promise<'in' | 'RATE_LIMITED'> {
  try {
    (await connectPerson('visitor', place)).leave();
    return 'in';
  } catch (thrown) {
    const { data } = thrown as { readonly data?: { readonly code?: string } };
    if (data?.code === 'RATE_LIMITED') return 'RATE_LIMITED';
    throw thrown;
  }
}
