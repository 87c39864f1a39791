import { setTimeout as delay } from 'node:timers/promises';
import { waitUntil } from '@parlance/devstack';
import { expect, it } from 'vitest';
import { ChatClient } from '../../src/clients/chat-client.js';
import { HttpClient } from '../../src/clients/http-client.js';
import { signToken } from '../../src/clients/sign-token.js';
import { type GatewayProcess, type ServiceProcess, startDeployment } from '../../src/deployment/start-deployment.js';

/** Both secrets change together here; each is a list that begins with the one in use. */
const old = {
  jwt: 'the-old-jwt-secret-of-this-test-0123456789',
  service: 'the-old-credential-of-this-test-0123456789',
};
const next = {
  jwt: 'the-next-jwt-secret-of-this-test-012345678',
  service: 'the-next-credential-of-this-test-012345678',
};
const stages = { before: [old], first: [old, next], second: [next, old], after: [next] } as const;

function envOf(stage: readonly (typeof old)[]): Record<string, string> {
  return {
    JWT_SECRET: stage.map(({ jwt }) => jwt).join(','),
    SERVICE_CREDENTIAL: stage.map(({ service }) => service).join(','),
  };
}

it('changes both secrets in the documented order, pod by pod, without a refused request', async () => {
  // In the midst of the first step, where one of each has been restarted; then in the midst of the others.
  await using parlance = await startDeployment({
    mongo: 'shared',
    gateways: 2,
    chatServices: 2,
    // The delay is long enough for this test's load balancer to hear of it, on a busy machine too.
    env: {
      HTTP_PER_USER_PER_MINUTE: '100000',
      HTTP_PER_IP_PER_MINUTE: '100000',
      DRAIN_DELAY_MS: '4000',
      SHUTDOWN_GRACE_MS: '20000',
    },
    envOf: (name) => envOf(name.endsWith('-1') ? stages.before : stages.first),
  });
  const [gatewayOne, gatewayTwo] = parlance.gateways as [GatewayProcess, GatewayProcess];
  const [chatOne, chatTwo] = parlance.chatServices as [ServiceProcess, ServiceProcess];
  const balancer = new LoadBalancer(parlance.gateways);
  const traffic = new Traffic(balancer, old.jwt);
  await traffic.answered(30);

  const move = async (services: readonly ServiceProcess[], stage: readonly (typeof old)[]): Promise<void> => {
    await Promise.all(
      services.map(async ({ process, env }) => {
        Object.assign(env, envOf(stage));
        await process.restart();
      }),
    );
    await traffic.answered(30);
  };
  await move([gatewayOne, chatOne], stages.second);
  traffic.secret = next.jwt; // Every gateway takes it by now, so the issuer changes.
  await traffic.answered(30);
  await move([gatewayTwo, chatTwo], stages.after);
  expect(await traffic.end()).toEqual([]);

  for (const { opsUrl } of parlance.gateways) {
    // A stream to the pod that was restarted last may still be on its way.
    const readiness = async (): Promise<unknown> => (await fetch(`${opsUrl}/readyz`)).json();
    await expect.poll(readiness).toMatchObject({ status: 'ready', degraded: false });
  }
  const late = { token: signToken('ann', { secret: old.jwt }) };
  await expect(ChatClient.connect(gatewayTwo.url, 'ann', late)).rejects.toMatchObject({
    data: { code: 'UNAUTHENTICATED' },
  });
});

/** Sends where `/readyz` says 200, as a Service does. */
class LoadBalancer {
  private ready: readonly string[] = [];
  private turn = 0;
  private readonly looking: Promise<void>;
  private isOver = false;

  constructor(private readonly gateways: readonly Pick<GatewayProcess, 'url' | 'opsUrl'>[]) {
    this.looking = this.look();
  }

  next(): string | undefined {
    return this.ready[this.turn++ % this.ready.length];
  }

  async end(): Promise<void> {
    this.isOver = true;
    await this.looking;
  }

  private async look(): Promise<void> {
    while (!this.isOver) {
      const answers = this.gateways.map(async ({ url, opsUrl }) => {
        const isReady = await fetch(`${opsUrl}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        );
        return isReady ? [url] : [];
      });
      this.ready = (await Promise.all(answers)).flat();
      await delay(50);
    }
  }
}

/** Asks over HTTP and connects a socket in turn, as fast as answers come; notes everything that is refused. */
class Traffic {
  private count = 0;
  private readonly refused: string[] = [];
  private readonly running: Promise<void>;
  private isOver = false;

  constructor(
    private readonly balancer: LoadBalancer,
    public secret: string,
  ) {
    this.running = this.run();
  }

  /** Resolves when this many more were answered. */
  async answered(more: number): Promise<void> {
    const goal = this.count + more;
    await waitUntil(() => this.count >= goal || undefined, { what: `${more} more answers`, timeoutMs: 60_000 });
  }

  async end(): Promise<readonly string[]> {
    this.isOver = true;
    await this.running;
    await this.balancer.end();
    return this.refused;
  }

  private async run(): Promise<void> {
    while (!this.isOver) {
      const url = this.balancer.next();
      if (url === undefined) await delay(20);
      else await this.askOnce(url).catch((error: unknown) => this.refused.push(`${url}: ${String(error)}`));
    }
  }

  private async askOnce(url: string): Promise<void> {
    const token = signToken('ann', { secret: this.secret });
    if (this.count++ % 2 === 0) (await ChatClient.connect(url, 'ann', { token })).close();
    else await new HttpClient(url, 'ann', { authorization: `Bearer ${token}` }).ask('POST', '/rooms', group);
  }
}

const group = { roomType: 'group', participants: ['bob'] } as const;
