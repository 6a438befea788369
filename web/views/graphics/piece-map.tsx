import { useMemo } from "react";
import { nicknameOf } from "../../store/nickname.ts";
import type { PieceMap as Pieces } from "../../store/session.ts";
import { useText } from "../app-context.tsx";
import { gridFor, mapCellsOf, rarity, tally } from "./cells.ts";
import { mapCellPainter } from "./paint-cell.ts";
import type { Picture } from "./painter.ts";
import styles from "./piece-map.module.css";
import { useCanvas } from "./use-canvas.ts";

const MAX_HEIGHT = 200;

/** Every piece as a square, in rows as they follow each other in the share. */
export function PieceMap({ pieces }: { readonly pieces: Pieces }) {
  const text = useText();
  const { cells, version, senders } = pieces;

  // The cells may change in place: their version says when.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see the line above.
  const picture = useMemo<Picture>(
    () => ({
      heightFor: (width) => gridFor(cells.length, width, MAX_HEIGHT).height,
      paint(surface) {
        const grid = gridFor(cells.length, surface.width, MAX_HEIGHT);
        const isPlain = matchMedia("(forced-colors: active)").matches;
        const colours = senders.map((peer) => surface.colour(`--person-${nicknameOf(peer).colour}`));
        const have = surface.colour("--cell-have");
        const paintCell = mapCellPainter(surface, (source) =>
          isPlain ? have : (colours[source - 1] ?? have),
        );
        for (const [i, cell] of mapCellsOf(pieces, grid.cells).entries()) {
          const x = (i % grid.columns) * grid.pitch;
          const y = Math.floor(i / grid.columns) * grid.pitch;
          paintCell(cell, x, y, grid.edge);
        }
      },
    }),
    [pieces, version],
  );
  const canvas = useCanvas(picture);
  const { have, asked, missing } = tally(cells);
  const { nowhere, rarest } = rarity(pieces);

  return (
    <figure className={styles.map}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        data-testid="piece-map"
        role="img"
        aria-label={text.details.pieceMap}
      />
      <figcaption className={styles.caption}>
        <span className={styles.legend} aria-hidden="true">
          {(["have", "asked", "missing"] as const).map((kind) => (
            <span key={kind} className={styles.key} data-kind={kind}>
              {text.details.pieceLegend[kind]}
            </span>
          ))}
          {nowhere > 0 && (
            <span className={styles.key} data-kind="nowhere">
              {text.details.pieceLegend.nowhere}
            </span>
          )}
          {senders.length > 0 && <span>{text.details.pieceLegend.bySender}</span>}
        </span>
        <span>{text.details.pieceSummary(have, asked, missing)}</span>
        {missing > 0 && <span>{text.details.rarity(nowhere, rarest)}</span>}
      </figcaption>
    </figure>
  );
}
