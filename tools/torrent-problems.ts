/** What is wrong with a torrent, a magnet or a link, in a sentence. */
import type { CreateReason } from "../web/engine/metainfo/create.ts";
import type { MagnetReason } from "../web/engine/metainfo/magnet.ts";
import type { ShareLinkReason } from "../web/engine/metainfo/share-link.ts";
import type { TorrentReason } from "../web/engine/metainfo/torrent.ts";

export const torrentProblem: Readonly<Record<TorrentReason | CreateReason, string>> = {
  "unexpected-end": "not a torrent: the file ends too early",
  "unexpected-byte": "not a torrent: a byte stands where no value can begin",
  "trailing-bytes": "not a torrent: something follows after its end",
  "integer-malformed": "not a torrent: an integer is not written as bencode asks",
  "integer-too-long": "not a torrent: an integer has more than 20 digits",
  "length-malformed": "not a torrent: the length of a string is not written as bencode asks",
  "duplicate-key": "not a torrent: a key occurs twice in one dictionary",
  "too-deep": "refused: nested more than 100 levels deep",
  "too-many-tokens": "refused: more than 3,000,000 values",
  "not-a-dictionary": "not a torrent: it or its info is not a dictionary",
  "info-missing": "not a torrent: it has no info dictionary",
  "not-canonical": "invalid v2 torrent: the keys of a dictionary are not in order",
  "meta-version-unknown": "unknown meta version: only 2 is known",
  "name-missing": "invalid torrent: its name is missing or not a string",
  "piece-length-invalid": "invalid torrent: its piece length is missing or not allowed",
  "file-tree-malformed": "invalid v2 torrent: its file tree is missing or malformed",
  "length-invalid": "invalid torrent: a file's length is missing, negative or not an integer",
  "pieces-root-invalid": "invalid v2 torrent: a file's pieces root is missing or not a hash",
  "pad-file-in-tree": "invalid v2 torrent: a padding file is in the file tree",
  "no-files": "invalid torrent: it has no files",
  "no-bytes": "refused: all of its files are empty",
  "too-many-pieces": "refused: more than 2,097,152 pieces",
  "path-malformed": "invalid torrent: a file's path is missing or not a list of strings",
  "pieces-invalid": "invalid torrent: its pieces do not fit its length",
  "path-too-deep": "refused: a path of more than 100 folders",
  "too-many-files": "refused: more than 250,000 files",
  "duplicate-path": "refused: two files have the same path",
  "path-conflict": "two files have the same path, or one has the place of a folder",
  "views-disagree": "invalid hybrid torrent: its v1 and v2 files are not the same",
  "piece-layer-invalid": "invalid v2 torrent: a piece layer does not hash to its file's pieces root",
  "piece-layer-unknown": "invalid v2 torrent: a piece layer belongs to no file",
};

export const magnetProblem: Readonly<Record<MagnetReason, string>> = {
  "not-a-magnet": "not a magnet link",
  "too-long": "refused: a magnet link longer than 65,536 characters",
  "topic-missing": "the magnet link names no BitTorrent infohash",
  "topic-malformed": "the magnet link's infohash is malformed",
};

export const linkProblem: Readonly<Record<ShareLinkReason, string>> = {
  empty: "there is no link",
  "not-a-link": "not a share link or a magnet link",
  "cut-off": "the link is cut off: its end is missing",
  damaged: "the link is damaged",
  unsupported: "a link of a kind that cannot be opened here",
};
