import { type RefObject, useEffect, useRef } from "react";
import { createPainter, type Painter, type Picture } from "./painter.ts";

/** @param picture painted again whenever its identity changes; React renders nothing for it. */
export function useCanvas(picture: Picture): RefObject<HTMLCanvasElement | null> {
  const canvas = useRef<HTMLCanvasElement>(null);
  const painter = useRef<Painter>(undefined);

  useEffect(() => {
    if (canvas.current === null) return;
    const created = createPainter(canvas.current);
    painter.current = created;
    return () => created.stop();
  }, []);

  useEffect(() => {
    painter.current?.show(picture);
  }, [picture]);

  return canvas;
}
