import { defaultSize } from '../smoke/smoke-plan.ts';
import type { Scenario, Variable } from './scenario.ts';

const sockets = (value: number): Variable => ({
  kind: 'whole number',
  value: `${value}`,
  meaning: 'people with a socket each',
});
const rooms = (value: number): Variable => ({
  kind: 'whole number',
  value: `${value}`,
  meaning: 'rooms over which they are spread evenly: 2 to 1,000 in each',
});
const rate = (value: number, meaning: string): Variable => ({ kind: 'number', value: `${value}`, meaning });
const duration = (value: number, meaning: string): Variable => ({ kind: 'duration', value: `${value}s`, meaning });
const whole = (value: number, meaning: string): Variable => ({ kind: 'whole number', value: `${value}`, meaning });
const PATIENCE = duration(30, 'how long an answer or a missing message is waited for before it counts as lost');

/** All scenarios with their variables: what `--help` prints, and what the scripts read. */
export const scenarios = {
  smoke: {
    about: 'everybody talks in every room, which are spread over the VUs; exact numbers',
    variables: {
      SOCKETS: sockets(defaultSize.sockets),
      ROOMS: rooms(defaultSize.rooms),
      RATE: rate(defaultSize.rate, 'messages a second of all together'),
      DURATION: duration(defaultSize.seconds, 'for how long they talk'),
    },
    trends: [],
  },
  connect: {
    about: 'people connect one after the other, list their rooms and hear a greeting',
    variables: {
      SOCKETS: sockets(100),
      ROOMS: rooms(10),
      RATE: rate(20, 'connections a second of all together'),
      PATIENCE,
    },
    trends: ['parlance_connect_time', 'parlance_ack_latency', 'parlance_delivery_latency'],
  },
  send: {
    about: 'everybody talks, in many small rooms',
    variables: {
      SOCKETS: sockets(50),
      ROOMS: rooms(10),
      RATE: rate(40, 'messages a second of all together'),
      DURATION: duration(10, 'for how long they talk'),
      PATIENCE,
    },
    trends: ['parlance_ack_latency', 'parlance_delivery_latency'],
  },
  'fan-out': {
    about: 'few talk and many listen, in large rooms',
    variables: {
      SOCKETS: sockets(100),
      ROOMS: rooms(1),
      RATE: rate(8, 'messages a second of all together; one more talks for every 4 a second in a room'),
      DURATION: duration(10, 'for how long they talk'),
      PATIENCE,
    },
    trends: ['parlance_ack_latency', 'parlance_delivery_latency'],
  },
  history: {
    about: 'rooms are filled, then everybody pages through them, forwards and backwards',
    variables: {
      SOCKETS: sockets(20),
      ROOMS: rooms(2),
      MESSAGES: whole(200, 'messages in each room'),
      PAGE: whole(50, 'messages on a page, at most 200'),
      RATE: rate(40, 'pages a second of all together'),
      DURATION: duration(10, 'for how long they read'),
      PATIENCE,
    },
    trends: ['parlance_page_latency', 'parlance_delivery_latency'],
  },
  reconnect: {
    about: 'all but one of a room are cut off, miss messages, come back at once and catch up',
    variables: {
      SOCKETS: sockets(50),
      ROOMS: rooms(5),
      ROUNDS: whole(3, 'how often they are cut off'),
      MISSED: whole(20, 'messages in each room meanwhile'),
      PATIENCE,
    },
    trends: ['parlance_connect_time', 'parlance_catch_up_time', 'parlance_delivery_latency'],
  },
} as const satisfies Readonly<Record<string, Scenario>>;

/** Name of a scenario. */
export type ScenarioName = keyof typeof scenarios;
