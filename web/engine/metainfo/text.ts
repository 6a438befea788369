const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

export function toUtf8(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Reads UTF-8 leniently: what is not UTF-8, overlong forms included, becomes U+FFFD. */
export function fromUtf8(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Each byte as one character 0 … 255: equal exactly when the bytes are, and ordered as they are. */
export function byteString(bytes: Uint8Array): string {
  return byteStringOf(bytes, 0, bytes.length);
}

/** The same of a part of the bytes, without a view of it. */
export function byteStringOf(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}

/** The text of bytes that are printable ASCII throughout; undefined for any others. */
export function asPlainAscii(bytes: Uint8Array): string | undefined {
  for (const byte of bytes) if (byte < 0x20 || byte > 0x7e) return undefined;
  return byteString(bytes);
}

/** The bytes of a byte string; the inverse of `byteString`. */
export function fromByteString(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Undoes percent-encoding; text that is not validly encoded stays as it is. */
export function fromPercentEncoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
