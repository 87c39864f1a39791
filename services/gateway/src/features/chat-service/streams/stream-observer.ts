import type { CounterSeries, Logger } from '@parlance/runtime';
import type { GatewayMetrics } from '../../../metrics.js';

const changeTexts = {
  up: 'chat service stream is up',
  broken: 'chat service stream broke',
  mute: 'events of a chat service do not reach Redis',
  heard: 'events of a chat service reach Redis again',
} as const;

/** Watches the streams to the chat service: logs and counts what happens, and tells listeners what changes. */
export class StreamObserver {
  private readonly listeners: ((change: StreamChange) => void)[] = [];
  private readonly seekers: (() => void)[] = [];
  private readonly silent = new Set<string>();
  private readonly frames: Readonly<Record<'in' | 'out', CounterSeries>>;

  constructor(
    private readonly metrics: GatewayMetrics,
    private readonly logger: Logger,
  ) {
    const { frames } = metrics;
    this.frames = { in: frames.of({ direction: 'in' }), out: frames.of({ direction: 'out' }) };
  }

  /** Adds a listener for every change of a stream. */
  onChange(listener: (change: StreamChange) => void): void {
    this.listeners.push(listener);
  }

  /** Adds a listener for every moment in which there may be another pod: one broke, leaves or cannot be reached. */
  onPodLost(listener: () => void): void {
    this.seekers.push(listener);
  }

  /** A pod said that it will stop. */
  leaving(address: string): void {
    this.logger.info({ address }, 'a chat service is about to stop');
    this.seek();
  }

  changed(change: StreamChange): void {
    const { kind, address, reason } = change;
    const line = { address, ...(reason === undefined ? {} : { reason }) };
    if (kind === 'up' || kind === 'heard') this.logger.info(line, changeTexts[kind]);
    else this.logger.warn(line, changeTexts[kind]);
    this.silent.delete(address);
    for (const listener of this.listeners) listener(change);
    if (kind === 'broken') this.seek();
  }

  /** Logs the first of a row of failed attempts. */
  unreachable(address: string, reason: string): void {
    this.seek();
    if (this.silent.has(address)) return;
    this.silent.add(address);
    this.logger.warn({ address, reason }, 'chat service cannot be reached');
  }

  frame(direction: 'in' | 'out', items: number): void {
    this.frames[direction].inc();
    this.metrics.frameItems.observe({ direction }, items);
  }

  private seek(): void {
    for (const seeker of this.seekers) seeker();
  }
}

/** A stream came up or broke, or events of its pod began to fail (`mute`) or do so no longer (`heard`). */
export interface StreamChange {
  readonly kind: 'up' | 'broken' | 'mute' | 'heard';
  readonly address: string;
  /** True for the rooms whose calls and events go through this pod, or that were written to there in the last 10 s. */
  readonly concerns: (roomId: string) => boolean;
  readonly reason?: string;
}
