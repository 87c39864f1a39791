import { Metadata } from '@grpc/grpc-js';
import { Catch, type ExceptionFilter } from '@nestjs/common';
import { metadataKeys, toCallError, toChatError } from '@parlance/proto';
import { type Observable, throwError } from 'rxjs';

/** How any error leaves a unary RPC: the table's gRPC status, the text, and reason, outcome and advice as metadata. */
@Catch()
export class GrpcErrorFilter implements ExceptionFilter {
  catch(thrown: unknown): Observable<never> {
    const error = toChatError(thrown);
    const { reason, message, outcome, retryAfterMs } = toCallError(error);
    const metadata = new Metadata();
    metadata.set(metadataKeys.errorReason, reason);
    metadata.set(metadataKeys.errorOutcome, outcome);
    if (retryAfterMs > 0) metadata.set(metadataKeys.retryAfterMs, String(retryAfterMs));
    return throwError(() => ({ code: error.row.grpcStatus, details: message, message, metadata }));
  }
}
