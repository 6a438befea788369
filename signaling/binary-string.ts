/** The two spellings of bytes: hexadecimal digits in values, one character per byte (latin1) in texts. */

/** The hexadecimal digits of a string that holds one byte per character. */
export function hexFromBinary(binary: string): string {
  // One string made at once: appending would leave a tree of strings to every map that it is looked up in.
  const digits: number[] = [];
  for (let i = 0; i < binary.length; i++) {
    const byte = binary.charCodeAt(i);
    digits.push(digit(byte >> 4), digit(byte & 15));
  }
  return String.fromCharCode(...digits);
}

/** The string of one character per byte that `hex` spells. `hex` has an even number of hexadecimal digits. */
export function binaryFromHex(hex: string): string {
  const bytes: number[] = [];
  for (let i = 0; i < hex.length; i += 2) {
    bytes.push(16 * nibble(hex.charCodeAt(i)) + nibble(hex.charCodeAt(i + 1)));
  }
  return String.fromCharCode(...bytes);
}

/** The ASCII code of the hexadecimal digit for 0 to 15. */
function digit(value: number): number {
  return value < 10 ? 48 + value : 87 + value;
}

/** The value of a hexadecimal digit by its ASCII code: letters have bit 6, and begin at 1 where digits begin at 0. */
function nibble(code: number): number {
  return (code & 15) + 9 * (code >> 6);
}
