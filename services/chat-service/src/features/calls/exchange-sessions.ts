import type { ServerDuplexStream } from '@grpc/grpc-js';
import type { ExchangeRequest, ExchangeResponse } from '@parlance/proto';
import type { PublishingState } from '../../events/publishing-state.js';
import type { ChatMetrics } from '../../metrics.js';
import type { CallRunner } from './call-runner.js';
import { ExchangeSession } from './exchange-session.js';

/** The streams of all gateways that are open now. */
export class ExchangeSessions {
  private readonly open = new Set<ExchangeSession>();

  constructor(
    private readonly runner: CallRunner,
    private readonly publishing: PublishingState,
    metrics: Pick<ChatMetrics, 'streams' | 'streamBytes'>,
  ) {
    metrics.streams.readBy(() => this.open.size);
    metrics.streamBytes.readBy(() => [...this.open].reduce((sum, { waitingBytes }) => sum + waitingBytes, 0));
  }

  /** Serves a stream until it ends. */
  serve(stream: ServerDuplexStream<ExchangeRequest, ExchangeResponse>): void {
    const session = new ExchangeSession(stream, this.runner, this.publishing);
    this.open.add(session);
    session.serve(() => this.open.delete(session));
  }
}
