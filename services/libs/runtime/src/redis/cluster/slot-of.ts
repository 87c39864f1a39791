const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit += 1) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  return crc;
});

/**
 * The cluster slot (0 to 16383) of a key or shard channel: CRC16/XMODEM of the text between the first `{` and the next
 * `}` when there is any, else of the whole key (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/).
 */
export function slotOf(key: string): number {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  const [start, end] = close > open + 1 ? [open + 1, close] : [0, key.length];
  let crc = 0;
  for (let index = start; index < end; index += 1) {
    const code = key.charCodeAt(index);
    if (code > 0x7f) return slotOfBytes(Buffer.from(key.slice(start, end)));
    crc = next(crc, code);
  }
  return crc & 0x3fff;
}

function slotOfBytes(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) crc = next(crc, byte);
  return crc & 0x3fff;
}

function next(crc: number, byte: number): number {
  return ((crc << 8) & 0xffff) ^ (table[(crc >> 8) ^ byte] as number);
}
