import { isUtf8 } from 'node:buffer';
import type { MethodDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import { chatProto } from '@parlance/proto';
import protobuf from 'protobufjs/minimal.js';

const notWellFormed = '\ud800';

/**
 * The definition of `chat.v1` for a server: a string on the wire that is not UTF-8 is read as one that is not well-formed,
 * which every check of a text refuses. proto3 asks for that, and other languages' libraries do it; protobufjs puts U+FFFD
 * in its place without a word (https://protobuf.dev/programming-guides/proto3/#scalar).
 */
export function loadService(): PackageDefinition {
  const definition = loadSync(chatProto.path, chatProto.loader);
  const service = definition[`${chatProto.package}.${chatProto.service}`] as Record<
    string,
    MethodDefinition<object, object>
  >;
  for (const method of Object.values(service)) {
    const { requestDeserialize } = method;
    // The decoder behind it takes a reader in place of the bytes.
    method.requestDeserialize = (bytes) => requestDeserialize(new StrictReader(bytes) as unknown as Buffer);
  }
  return definition;
}

class StrictReader extends protobuf.BufferReader {
  override string(): string {
    const bytes = this.bytes() as Buffer;
    return isUtf8(bytes) ? bytes.toString('utf8') : notWellFormed;
  }
}
