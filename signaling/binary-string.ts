/** The two spellings of bytes: hexadecimal digits in values, one character per byte (latin1) in texts. */

/** The hexadecimal digits of a string that holds one byte per character. */
export function hexFromBinary(binary: string): string {
  let hex = "";
  for (let i = 0; i < binary.length; i++) hex += binary.charCodeAt(i).toString(16).padStart(2, "0");
  return hex;
}

/** The string of one character per byte that `hex` spells. `hex` has an even number of hexadecimal digits. */
export function binaryFromHex(hex: string): string {
  let binary = "";
  for (let i = 0; i < hex.length; i += 2) {
    binary += String.fromCharCode(Number.parseInt(hex.slice(i, i + 2), 16));
  }
  return binary;
}
