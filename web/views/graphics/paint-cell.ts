import type { Cell, MapCell } from "./cells.ts";
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

/** Paints one cell of the map: what is here in its sender's colour, what nobody here has as an empty frame. */
export function mapCellPainter(surface: Surface, colourOf: (source: number) => string) {
  const { context, colour } = surface;
  const paint = cellPainter(surface);
  const missing = colour("--cell-missing");
  const nowhere = colour("--cell-nowhere");
  return (cell: MapCell, x: number, y: number, edge: number) => {
    if (cell.isNowhere && cell.have === 0) {
      context.strokeStyle = nowhere;
      context.lineWidth = 1;
      context.strokeRect(x + 0.5, y + 0.5, edge - 1, edge - 1);
      return;
    }
    if (cell.source === 0 || cell.have === 0) {
      paint(cell, x, y, edge, edge);
      return;
    }
    context.fillStyle = missing;
    context.fillRect(x, y, edge, edge);
    context.globalAlpha = FAINTEST + (1 - FAINTEST) * cell.have;
    context.fillStyle = colourOf(cell.source);
    context.fillRect(x, y, edge, edge);
    context.globalAlpha = 1;
  };
}
