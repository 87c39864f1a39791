import { readFileSync } from 'node:fs';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { chatProto } from '@parlance/proto';
import protobuf from 'protobufjs/minimal.js';

/**
 * Serves the definitions of `chat.v1` and `grpc.health.v1` by server reflection, `v1` and `v1alpha`, as they are written. What
 * proto-loader has in memory would not do: it names fields in camelCase, joins the files of a package and writes maps that
 * other languages refuse.
 */
export function addReflection(server: Pick<Server, 'addService'>): void {
  const format = 'Protocol Buffer 3 DescriptorProto' as const;
  const served = { format, type: {}, fileDescriptorProtos: fileDescriptors() };
  new ReflectionService({ served }).addToServer(server);
}

/** The files of the set, each as its bytes: `FileDescriptorSet` is `repeated FileDescriptorProto file = 1` and nothing else. */
function fileDescriptors(): Buffer[] {
  const reader = protobuf.Reader.create(readFileSync(chatProto.descriptors));
  const files: Buffer[] = [];
  while (reader.pos < reader.len) {
    reader.uint32();
    files.push(Buffer.from(reader.bytes()));
  }
  return files;
}
