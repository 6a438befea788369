/**
 * Texts as WebSocket frames from a server, all in one buffer: under load writing is most of what a tracker does,
 * and one buffer for all that is said to a socket in one turn of the loop is written at once.
 *
 * Source: RFC 6455 §5.2 (unmasked, not fragmented, opcode 1).
 */

const FIN_AND_TEXT = 0x81;
/** In the second byte: the length follows in two bytes, or in eight. */
const LENGTH_IN_2 = 126;
const LENGTH_IN_8 = 127;

export function textFrames(texts: readonly string[]): Buffer {
  const lengths = texts.map((text) => Buffer.byteLength(text));
  const frames = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + headerLength(length) + length, 0));
  let at = 0;
  for (const [index, text] of texts.entries()) {
    const length = lengths[index] ?? 0;
    at = writeHeader(frames, at, length);
    at += frames.write(text, at);
  }
  return frames;
}

function headerLength(length: number): number {
  if (length < LENGTH_IN_2) return 2;
  return length < 0x1_0000 ? 4 : 10;
}

function writeHeader(frames: Buffer, at: number, length: number): number {
  frames[at] = FIN_AND_TEXT;
  switch (headerLength(length)) {
    case 2:
      return frames.writeUInt8(length, at + 1);
    case 4:
      frames[at + 1] = LENGTH_IN_2;
      return frames.writeUInt16BE(length, at + 2);
    default:
      frames[at + 1] = LENGTH_IN_8;
      return frames.writeBigUInt64BE(BigInt(length), at + 2);
  }
}
