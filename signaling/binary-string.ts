/** The two spellings of bytes: hexadecimal digits in values, one character per byte (latin1) in texts. */

/** For the names that messages are full of: made once, since lists for each would keep the garbage collector busy. */
const hexCodes: number[] = Array(40).fill(0);
const binaryCodes: number[] = Array(20).fill(0);

/** The hexadecimal digits of a string that holds one byte per character, or undefined when it holds others. */
export function hexFromBinary(binary: string): string | undefined {
  // One string made at once: appending would leave a tree of strings to every map that it is looked up in.
  const codes = binary.length === 20 ? hexCodes : Array<number>(2 * binary.length);
  for (let i = 0; i < binary.length; i++) {
    const byte = binary.charCodeAt(i);
    if (byte > 0xff) return undefined;
    codes[2 * i] = digit(byte >> 4);
    codes[2 * i + 1] = digit(byte & 15);
  }
  return String.fromCharCode.apply(undefined, codes);
}

/** The string of one character per byte that `hex` spells. `hex` has an even number of hexadecimal digits. */
export function binaryFromHex(hex: string): string {
  const codes = hex.length === 40 ? binaryCodes : Array<number>(hex.length / 2);
  for (let i = 0; i < codes.length; i++) {
    codes[i] = 16 * nibble(hex.charCodeAt(2 * i)) + nibble(hex.charCodeAt(2 * i + 1));
  }
  return String.fromCharCode.apply(undefined, codes);
}

/** The ASCII code of the hexadecimal digit for 0 to 15. */
function digit(value: number): number {
  return value < 10 ? 48 + value : 87 + value;
}

/** The value of a hexadecimal digit by its ASCII code: letters have bit 6, and begin at 1 where digits begin at 0. */
function nibble(code: number): number {
  return (code & 15) + 9 * (code >> 6);
}
