import { createHash, timingSafeEqual } from 'node:crypto';
import { Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { metadataKeys, toWireReason, WireOutcome } from '@parlance/proto';

const form = `send it in the metadata "${metadataKeys.authorization}: Bearer CREDENTIAL"`;
const healthPath = '/grpc.health.v1.Health/';

/**
 * Refuses every call without the service credential, before anything else of it is read or believed: whoever reaches the
 * port could otherwise name any user. Any of the credentials will do, so that they can be changed one process after the
 * other. The time of the comparison does not depend on how much of it is right. The health service is open to everybody: it
 * takes nothing that could be believed, and those who probe it, a kubelet or a load balancer, have no secret.
 */
export function requireServiceCredential(credentials: readonly string[], refused: () => void): ServerInterceptor {
  const expected = credentials.map((credential) => digest(`Bearer ${credential}`));
  return ({ path }, call) => {
    if (path.startsWith(healthPath)) return new ServerInterceptingCall(call);
    return new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, pass) {
            const given = String(metadata.get(metadataKeys.authorization)[0] ?? '');
            const ofGiven = digest(given);
            if (expected.filter((each) => timingSafeEqual(ofGiven, each)).length > 0) {
              metadata.remove(metadataKeys.authorization);
              return pass(metadata);
            }
            refused();
            call.sendStatus({
              code: status.UNAUTHENTICATED,
              details: faultOf(given),
              metadata: refusal(),
            });
          },
        }),
    });
  };
}

/** What was given is not repeated, and nothing is said of how much of it is right. */
function faultOf(given: string): string {
  if (given === '') return `There is no service credential: ${form}.`;
  if (!given.startsWith('Bearer ')) return `The service credential has another form: ${form}.`;
  return 'The service credential is none of SERVICE_CREDENTIAL of the chat service.';
}

function refusal(): Metadata {
  const metadata = new Metadata();
  metadata.set(metadataKeys.errorReason, toWireReason('UNAUTHENTICATED'));
  metadata.set(metadataKeys.errorOutcome, WireOutcome.ERROR_OUTCOME_REJECTED);
  return metadata;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
