/** Base64url and base32 without padding (RFC 4648 §5, §6), as links and magnets spell an infohash. */
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";

export function toBase64url(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let bitCount = 0;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xffff;
    bitCount += 8;
    for (; bitCount >= 6; bitCount -= 6) text += BASE64URL.charAt((bits >> (bitCount - 6)) & 63);
  }
  return bitCount === 0 ? text : text + BASE64URL.charAt((bits << (6 - bitCount)) & 63);
}

/** Undefined for any other character, a length that no bytes have, and spare bits that are not zero. */
export function fromBase64url(text: string): Uint8Array | undefined {
  return fromDigits(text, BASE64URL, 6);
}

/** Either case; undefined as for base64url. */
export function fromBase32(text: string): Uint8Array | undefined {
  return fromDigits(text.toLowerCase(), BASE32, 5);
}

function fromDigits(text: string, alphabet: string, bitsPerDigit: number): Uint8Array | undefined {
  const bytes = new Uint8Array(Math.floor((text.length * bitsPerDigit) / 8));
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (const character of text) {
    const value = alphabet.indexOf(character);
    if (value < 0) return undefined;
    bits = ((bits << bitsPerDigit) | value) & 0xffff;
    bitCount += bitsPerDigit;
    if (bitCount < 8) continue;
    bitCount -= 8;
    bytes[at++] = bits >> bitCount;
  }
  const spare = bits & ((1 << bitCount) - 1);
  return bitCount < bitsPerDigit && spare === 0 ? bytes : undefined;
}
