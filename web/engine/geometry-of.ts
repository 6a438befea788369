/** The piece space of a torrent, as its info dictionary says. */
import { Geometry } from "./geometry.ts";
import type { Info } from "./metainfo/info.ts";

export function geometryOf({ version, pieceLength, files, v1 }: Info): Geometry {
  const lengths = files.map(({ length }) => length);
  if (v1 === undefined) return new Geometry(pieceLength, lengths);
  const { streamLength, offsets } = v1;
  return new Geometry(pieceLength, lengths, version === "v1" ? { streamLength, offsets } : { streamLength });
}
