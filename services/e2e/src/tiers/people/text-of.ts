import { seededRandom } from '../../seeded-random.js';

const words =
  'the to and of in we is that it for on you with this as have be are not will at can so all if but what about they when from or one more do time up out just now there like see get how next team please release meeting tomorrow report customer server queue invoice weekend coffee thanks sounds good maybe later today quick question ticket branch review deploy really great übrigens façade 東京 😀'.split(
    ' ',
  );

/** A line of chat, decided by its number: mostly short, sometimes long. */
export function textOf(number: number): string {
  const random = seededRandom(number);
  const length = Math.ceil(3 + 30 * random() ** 3 + (random() < 0.02 ? 150 * random() : 0));
  return Array.from({ length }, () => words[Math.floor(random() ** 2 * words.length)]).join(' ');
}
