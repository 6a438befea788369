/** A made-up name and a colour for a peer, the same on every screen: two words and a hue drawn from its id. */

export interface Nickname {
  /** Indices into the catalogue's lists of words, to be taken modulo their length. */
  readonly adjective: number;
  readonly animal: number;
  /** 0 … PERSON_COLOURS − 1. */
  readonly colour: number;
}

/** As many as the tokens `--person-0` … name. */
export const PERSON_COLOURS = 8;

export function nicknameOf(peer: string): Nickname {
  // FNV-1a: ids of one client share their first bytes, and every byte has to count.
  let hash = 0x811c9dc5;
  for (let i = 0; i < peer.length; i++) hash = Math.imul(hash ^ peer.charCodeAt(i), 0x01000193) >>> 0;
  return {
    adjective: hash & 0xff,
    animal: (hash >>> 8) & 0xff,
    colour: (hash >>> 16) % PERSON_COLOURS,
  };
}
