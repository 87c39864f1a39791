import { encodeEnvelope, type HeardEvent } from '@parlance/proto';
import { HealthRegistry, type ShardedSubscriber, type SubscriptionChangeHandler } from '@parlance/runtime';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGatewayMetrics, type GatewayMetrics } from '../../../metrics.js';
import { ChatPubSubService } from './chat-pubsub.service.js';

describe('ChatPubSubService', () => {
  let subscriber: FakeSubscriber;
  let metrics: GatewayMetrics;
  let health: HealthRegistry;
  let pubsub: ChatPubSubService;

  beforeEach(() => {
    vi.useFakeTimers();
    subscriber = new FakeSubscriber();
    metrics = createGatewayMetrics('test');
    health = new HealthRegistry({ everyMs: 10 });
    pubsub = new ChatPubSubService(
      subscriber as unknown as ShardedSubscriber,
      metrics,
      () => performance.now(),
      (channel) => channel === 'own',
    );
    health.add({ name: 'redis-subscriptions', critical: true, check: () => pubsub.requireSubscribed() });
  });
  afterEach(() => {
    health.close();
    vi.useRealTimers();
  });

  it('subscribes once however many need a channel, and ends it some time after the last', () => {
    void pubsub.acquire('c');
    void pubsub.acquire('c');
    pubsub.release('c');
    vi.advanceTimersByTime(60_000);
    expect([...subscriber.channels]).toEqual(['c']);
    pubsub.release('c');
    expect([...subscriber.channels]).toEqual(['c']);
    vi.advanceTimersByTime(10_000);
    expect([...subscriber.channels]).toEqual([]);
  });

  it('keeps a channel that is needed again before it was ended', () => {
    void pubsub.acquire('c');
    pubsub.release('c');
    vi.advanceTimersByTime(5_000);
    void pubsub.acquire('c');
    vi.advanceTimersByTime(60_000);
    expect(subscriber.subscribed).toBe(1);
    expect([...subscriber.channels]).toEqual(['c']);
  });

  it('is interrupted from the loss of a channel to its return, and degraded in its health', async () => {
    await pubsub.acquire('c');
    expect(pubsub.isInterrupted).toBe(false);
    subscriber.change({ state: 'down', node: 'n', channels: ['c', 'of nobody'] });
    expect(pubsub.isInterrupted).toBe(true);
    await vi.advanceTimersByTimeAsync(20);
    expect(health.report()).toMatchObject({ degraded: true, checks: [{ name: 'redis-subscriptions', state: 'down' }] });
    subscriber.change({ state: 'up', node: 'n', channels: ['c'] });
    expect(pubsub.isInterrupted).toBe(false);
    await vi.advanceTimersByTimeAsync(20);
    expect(health.report().degraded).toBe(false);
  });

  it('takes a channel for interrupted only when its first confirmation is long in coming', async () => {
    subscriber.confirmations = Promise.withResolvers();
    void pubsub.acquire('c');
    expect(pubsub.isInterrupted).toBe(false);
    await vi.advanceTimersByTimeAsync(600);
    expect(pubsub.isInterrupted).toBe(true);
    subscriber.confirmations.resolve();
    await vi.advanceTimersByTimeAsync(1);
    expect(pubsub.isInterrupted).toBe(false);
  });

  it('passes events on and counts what is none', async () => {
    const events: HeardEvent[] = [];
    pubsub.onEvent((event) => events.push(event));
    const event = {
      v: 1,
      type: 'chat:message:new',
      roomId: 'r',
      head: 1,
      rev: 0,
      memberRev: 1,
      at: 1,
      payload: '{"a":1}',
    } as const;
    subscriber.emit('c', encodeEnvelope(event));
    for (const junk of ['', 'x', '{}\n{}', '{"v":2}\n{}', 'null\n{}']) subscriber.emit('c', junk);
    subscriber.emit('own', 'heard');
    expect(events).toEqual([{ ...event, payload: Buffer.from(event.payload) }]);
    expect((await metrics.undecodableEvents.get()).values[0]?.value).toBe(5);
  });
});

class FakeSubscriber {
  readonly channels = new Set<string>();
  subscribed = 0;
  confirmations: PromiseWithResolvers<void> | undefined;
  private handler: (channel: string, payload: Buffer) => void = () => {};
  private readonly changeHandlers: SubscriptionChangeHandler[] = [];

  async subscribe(channel: string): Promise<void> {
    this.subscribed += 1;
    this.channels.add(channel);
    await this.confirmations?.promise;
  }

  status(): { wanted: number; confirmed: number } {
    return { wanted: this.channels.size, confirmed: 0 };
  }

  onSubscriptionChange(handler: SubscriptionChangeHandler): void {
    this.changeHandlers.push(handler);
  }

  change(change: Parameters<SubscriptionChangeHandler>[0]): void {
    for (const handler of this.changeHandlers) handler(change);
  }

  async unsubscribe(channel: string): Promise<void> {
    this.channels.delete(channel);
  }

  onMessage(handler: (channel: string, payload: Buffer) => void): void {
    this.handler = handler;
  }

  emit(channel: string, payload: string): void {
    this.handler(channel, Buffer.from(payload));
  }
}
