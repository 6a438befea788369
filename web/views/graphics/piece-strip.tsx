import { useMemo } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { stateOf } from "../share/state-word.tsx";
import { cellsOf, filledCells, givenCellsOf, givenFraction } from "./cells.ts";
import { cellPainter } from "./paint-cell.ts";
import type { Picture } from "./painter.ts";
import styles from "./piece-strip.module.css";
import { useCanvas } from "./use-canvas.ts";

/** CSS pixels; the thin strip of a list has finer cells. */
const CELL = { edge: 6, gap: 2 };
const THIN_CELL = { edge: 3, gap: 1 };

/**
 * One thin bar for a share, of cells that fill as pieces are fingerprinted, arrive, or (of what is shared from here)
 * come to be at others too. Also its progress bar.
 */
export function PieceStrip({ share, thin = false }: { readonly share: ShareView; readonly thin?: boolean }) {
  const text = useText();
  const isHashing = share.stage === "fingerprinting";
  const isGiving = share.stage === "sharing";
  const { pieceMap } = share;
  const { cells, version } = pieceMap;
  const fraction = share.progress;

  // The cells may change in place: their version says when.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see the line above.
  const picture = useMemo<Picture>(
    () => ({
      paint(surface) {
        const { context, width, height } = surface;
        const { edge, gap } = thin ? THIN_CELL : CELL;
        const room = Math.floor((width + gap) / (edge + gap));
        const isWhole = isHashing || cells.length === 0;
        const known = () => (isGiving ? givenCellsOf(pieceMap, room) : cellsOf(cells, room));
        const shown = isWhole ? filledCells(fraction, room) : known();
        const paintCell = cellPainter(surface);
        const scale = window.devicePixelRatio;
        const snap = (value: number) => Math.round(value * scale) / scale;
        context.clearRect(0, 0, width, height);
        const pitch = (width + gap) / shown.length;
        for (const [i, cell] of shown.entries()) {
          const left = snap(i * pitch);
          paintCell(cell, left, 0, snap((i + 1) * pitch - gap) - left, height);
        }
      },
    }),
    [pieceMap, version, isHashing, isGiving, fraction, thin],
  );
  const canvas = useCanvas(picture);
  const percent = Math.floor(share.progress * 100);
  const told = isGiving
    ? text.share.strip.given(givenFraction(pieceMap))
    : text.format.percent(share.progress);

  return (
    <div
      className={styles.strip}
      data-thin={thin}
      data-testid="progress"
      role="progressbar"
      aria-label={text.share.progress}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      aria-valuetext={`${stateOf(share, text)}, ${told}`}
    >
      <canvas ref={canvas} className={styles.canvas} />
    </div>
  );
}
