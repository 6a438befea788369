import { useMemo } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useText } from "../app-context.tsx";
import { cellsOf, filledCells } from "./cells.ts";
import { cellPainter } from "./paint-cell.ts";
import type { Picture } from "./painter.ts";
import styles from "./piece-strip.module.css";
import { useCanvas } from "./use-canvas.ts";

/** CSS pixels; the thin strip of a list has finer cells. */
const CELL = { edge: 6, gap: 2 };
const THIN_CELL = { edge: 3, gap: 1 };

/** One thin bar for a share, of cells that fill as pieces are fingerprinted or arrive. Also its progress bar. */
export function PieceStrip({ share, thin = false }: { readonly share: ShareView; readonly thin?: boolean }) {
  const text = useText();
  const isHashing = share.stage === "fingerprinting";
  const { cells } = share.pieceMap;
  const { version } = share.pieceMap;
  const fraction = share.progress;

  // The cells may change in place: their version says when.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see the line above.
  const picture = useMemo<Picture>(
    () => ({
      paint(surface) {
        const { context, width, height } = surface;
        const { edge, gap } = thin ? THIN_CELL : CELL;
        const room = Math.floor((width + gap) / (edge + gap));
        const shown = isHashing || cells.length === 0 ? filledCells(fraction, room) : cellsOf(cells, room);
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
    [cells, version, isHashing, fraction, thin],
  );
  const canvas = useCanvas(picture);
  const percent = Math.floor(share.progress * 100);

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
      aria-valuetext={`${text.state(share.stage, share.people.length)}, ${text.format.percent(share.progress)}`}
    >
      <canvas ref={canvas} className={styles.canvas} />
    </div>
  );
}
