export interface TorrentFile {
  /** Path components below the torrent's name, or just the name for a single-file torrent. Untrusted text. */
  readonly path: readonly string[];
  /** Bytes. */
  readonly length: number;
  /** Root of the file's Merkle tree, 32 bytes; absent exactly for empty files (BEP 52). */
  readonly piecesRoot?: Uint8Array;
}

/** A parsed and validated info dictionary. */
export interface Info {
  readonly version: "v1" | "v2" | "hybrid";
  readonly name: string;
  /** Bytes, a power of two of at least 16 KiB (BEP 52). */
  readonly pieceLength: number;
  /** In the order of the file tree, which is the order of the piece space. */
  readonly files: readonly TorrentFile[];
  /** True when the torrent is one file and its path is the name. */
  readonly isSingleFile: boolean;
  /** The original bytes that the infohash is the hash of. */
  readonly bytes: Uint8Array;
}
