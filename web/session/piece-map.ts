import type { SwarmSnapshot } from "../engine/snapshot.ts";
import type { PieceMap } from "./snapshot.ts";

/** The page's copy of the engine's piece map, made anew only when that has changed. */
export class PieceMapCopy {
  #map: PieceMap = { version: 0, cells: new Uint8Array(0) };

  of(swarm: SwarmSnapshot | undefined): PieceMap {
    if (swarm === undefined) return this.#map;
    const { pieces, piecesVersion } = swarm;
    if (piecesVersion !== this.#map.version || pieces.length !== this.#map.cells.length) {
      this.#map = { version: piecesVersion, cells: pieces.slice() };
    }
    return this.#map;
  }
}
