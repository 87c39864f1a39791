import { createHash, timingSafeEqual } from 'node:crypto';
import { Metadata, ServerInterceptingCall, type ServerInterceptor, status } from '@grpc/grpc-js';
import { metadataKeys, toWireReason, WireOutcome } from '@parlance/proto';

/**
 * Refuses every call without the service credential, before anything else of it is read or believed: whoever reaches the
 * port could otherwise name any user. Any of the credentials will do, so that they can be changed one process after the
 * other. The time of the comparison does not depend on how much of it is right.
 */
export function requireServiceCredential(credentials: readonly string[], refused: () => void): ServerInterceptor {
  const expected = credentials.map((credential) => digest(`Bearer ${credential}`));
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata(metadata, pass) {
            const given = digest(String(metadata.get(metadataKeys.authorization)[0] ?? ''));
            if (expected.filter((each) => timingSafeEqual(given, each)).length > 0) {
              metadata.remove(metadataKeys.authorization);
              return pass(metadata);
            }
            refused();
            call.sendStatus({
              code: status.UNAUTHENTICATED,
              details: 'The service credential is missing or wrong.',
              metadata: refusal(),
            });
          },
        }),
    });
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
