/** The two spellings of bytes: hexadecimal digits in values, one character per byte (latin1) in texts. */

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The hexadecimal digits of a string that holds one byte per character. */
export function hexFromBinary(binary: string): string {
  let hex = "";
  for (let i = 0; i < binary.length; i++) hex += hexOfByte[binary.charCodeAt(i)];
  return hex;
}

/** The string of one character per byte that `hex` spells. `hex` has an even number of hexadecimal digits. */
export function binaryFromHex(hex: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < hex.length; i += 2) {
    bytes.push(16 * nibble(hex.charCodeAt(i)) + nibble(hex.charCodeAt(i + 1)));
  }
  return String.fromCharCode(...bytes);
}

/** The value of a hexadecimal digit by its ASCII code: letters have bit 6, and begin at 1 where digits begin at 0. */
function nibble(code: number): number {
  return (code & 15) + 9 * (code >> 6);
}
