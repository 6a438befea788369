/**
 * The browser in a client's name, as "Shoal 0.1 (Firefox on Android)" has it in parentheses; the name itself is a
 * word for Details. The text comes from a peer: only letters, digits and simple marks of it are shown.
 */
export function browserOf(client: string): string | undefined {
  return /\(([\p{L}\p{N} .,-]{1,40})\)$/u.exec(client)?.[1];
}
