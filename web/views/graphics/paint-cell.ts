import type { Cell } from "./cells.ts";
import type { Surface } from "./painter.ts";

/** Something of a run that has only begun is seen all the same. */
const FAINTEST = 0.2;

/** Paints one cell in the colours of what is missing, asked for and verified. */
export function cellPainter({ context, colour }: Surface) {
  const missing = colour("--cell-missing");
  const asked = colour("--cell-asked");
  const have = colour("--cell-have");
  return (cell: Cell, x: number, y: number, width: number, height: number) => {
    const layer = (style: string, share: number) => {
      if (share === 0) return;
      context.globalAlpha = FAINTEST + (1 - FAINTEST) * share;
      context.fillStyle = style;
      context.fillRect(x, y, width, height);
    };
    layer(missing, 1);
    layer(asked, cell.have < 1 ? Math.min(1, cell.asked + (cell.asked > 0 ? cell.have : 0)) : 0);
    layer(have, cell.have);
    context.globalAlpha = 1;
  };
}
