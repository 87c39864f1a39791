/** Series over time, and the alerts that they must give; the release `chat` in the namespace `talk`. */
export interface AlertCase {
  readonly title: string;
  /** Values each minute, as promtool writes them. */
  readonly series: Readonly<Record<string, string>>;
  readonly alert: string;
  readonly minute: number;
  /** Labels beside those of the rule, and the summary; none: it must not fire. */
  readonly fires: readonly { readonly labels: Readonly<Record<string, string>>; readonly summary: string }[];
}

const gateway = (pod: string): string => `namespace="talk",job="chat-parlance-gateway",pod="${pod}"`;
const chat = (pod: string): string => `namespace="talk",job="chat-parlance-chat-service",pod="${pod}"`;
const sends = (code: string): string =>
  `chat_gateway_requests_total{${gateway('g')},event="sendMessage",code="${code}"}`;
/** A Job of a CronJob that began at a minute, and whether it has failed. */
const job = (name: string, cronJob: string, minute: number, failed: boolean): Readonly<Record<string, string>> => ({
  [`kube_job_status_start_time{namespace="talk",job_name="${name}"}`]: `${minute * 60}x60`,
  [`kube_job_owner{namespace="talk",job_name="${name}",owner_kind="CronJob",owner_name="${cronJob}"}`]: '1x60',
  [`kube_job_failed{namespace="talk",job_name="${name}",condition="true"}`]: `${failed ? 1 : 0}x60`,
});
const cron = (name: string, success?: number): Readonly<Record<string, string>> => ({
  [`kube_cronjob_created{namespace="talk",cronjob="${name}"}`]: '0x60',
  ...(success !== undefined && {
    [`kube_cronjob_status_last_successful_time{namespace="talk",cronjob="${name}"}`]: `${success * 60}x60`,
  }),
});
const talk = { namespace: 'talk' };

/** What the alerts are tried on. */
export const alertCases: readonly AlertCase[] = [
  {
    title: 'one of ten sends is refused for want of a store',
    series: { [sends('OK')]: '0+90x60', [sends('STORE_UNAVAILABLE')]: '0+10x60' },
    alert: 'ParlanceSendsRefused',
    minute: 15,
    fires: [{ labels: talk, summary: '10% of what people send is refused for no fault of theirs' }],
  },
  {
    title: 'people send what is too large, and too much',
    series: { [sends('OK')]: '0+50x60', [sends('MESSAGE_TOO_LARGE')]: '0+25x60', [sends('RATE_LIMITED')]: '0+25x60' },
    alert: 'ParlanceSendsRefused',
    minute: 15,
    fires: [],
  },
  {
    title: 'nobody sends',
    series: { [sends('OK')]: '5x60', [sends('STORE_UNAVAILABLE')]: '5x60' },
    alert: 'ParlanceSendsRefused',
    minute: 15,
    fires: [],
  },
  {
    title: 'one gateway has no stream and the other waits for Redis',
    series: {
      [`chat_gateway_streams{${gateway('g1')}}`]: '0x60',
      [`chat_gateway_streams{${gateway('g2')}}`]: '2x60',
      [`chat_gateway_wanted_channels{${gateway('g1')}}`]: '7x60',
      [`chat_gateway_confirmed_channels{${gateway('g1')}}`]: '7x60',
      [`chat_gateway_wanted_channels{${gateway('g2')}}`]: '7x60',
      [`chat_gateway_confirmed_channels{${gateway('g2')}}`]: '3x60',
      [`chat_redis_write_errors_total{${chat('c1')}}`]: '0+6x60',
      [`chat_redis_write_errors_total{${chat('c2')}}`]: '9x60',
    },
    alert: 'ParlanceCutOff',
    minute: 15,
    fires: [
      {
        labels: { ...talk, pod: 'g1', cause: 'no stream to a chat service' },
        summary: 'g1: no stream to a chat service',
      },
      {
        labels: { ...talk, pod: 'g2', cause: 'Redis has not confirmed channels' },
        summary: 'g2: Redis has not confirmed channels',
      },
      {
        labels: { ...talk, pod: 'c1', cause: 'Redis does not take events' },
        summary: 'c1: Redis does not take events',
      },
    ],
  },
  {
    title: 'the next month is not open, and a job failed that once went well',
    series: {
      [`chat_months_missing{${chat('c1')}}`]: '1x60',
      [`chat_months_missing{${chat('c2')}}`]: '1x60',
      ...cron('chat-parlance-backup', 5),
      ...job('backup-1', 'chat-parlance-backup', 10, true),
    },
    alert: 'ParlanceJobsBehind',
    minute: 40,
    fires: [
      {
        labels: { ...talk, cause: 'a month among this and the next is not open for messages' },
        summary: 'a month among this and the next is not open for messages',
      },
      {
        labels: {
          ...talk,
          owner_name: 'chat-parlance-backup',
          cause: 'the last run of chat-parlance-backup has failed',
        },
        summary: 'the last run of chat-parlance-backup has failed',
      },
    ],
  },
  {
    title: 'a job has never gone well',
    series: { ...cron('chat-redis-heal'), ...job('heal-1', 'chat-redis-heal', 10, true) },
    alert: 'ParlanceJobsBehind',
    minute: 40,
    fires: [
      {
        labels: { ...talk, owner_name: 'chat-redis-heal', cause: 'the last run of chat-redis-heal has failed' },
        summary: 'the last run of chat-redis-heal has failed',
      },
    ],
  },
  {
    title: 'a job failed and the next run went well, and a job of somebody else failed',
    series: {
      [`chat_months_missing{${chat('c1')}}`]: '0x60',
      ...cron('chat-parlance-backup', 20),
      ...job('backup-1', 'chat-parlance-backup', 10, true),
      ...job('backup-2', 'chat-parlance-backup', 15, false),
      ...cron('billing'),
      ...job('billing-1', 'billing', 10, true),
    },
    alert: 'ParlanceJobsBehind',
    minute: 40,
    fires: [],
  },
];
