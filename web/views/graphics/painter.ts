/**
 * Keeps a canvas painted: sharp on every display, in the colours of the theme, at most four times a second.
 *
 * Invariants
 *  1. Between two paintings lie at least REPAINT_INTERVAL_MS; the last request is always painted.
 *  2. Coordinates are CSS pixels, whatever the display's density.
 */

const REPAINT_INTERVAL_MS = 250;

export interface Surface {
  readonly context: CanvasRenderingContext2D;
  /** CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** A colour token of the theme, such as "--cell-have", as the canvas understands it. */
  colour(token: string): string;
}

export interface Picture {
  paint(surface: Surface): void;
  /** Height in CSS pixels for a width; without it the style sheet's height holds. */
  heightFor?(width: number): number;
}

export interface Painter {
  show(picture: Picture): void;
  stop(): void;
}

export function createPainter(canvas: HTMLCanvasElement): Painter {
  let picture: Picture | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let paintedAt = Number.NEGATIVE_INFINITY;

  const paintNow = () => {
    timer = undefined;
    const context = canvas.getContext("2d");
    const width = canvas.clientWidth;
    if (picture === undefined || context === null || width === 0) return;
    paintedAt = performance.now();
    if (picture.heightFor !== undefined) canvas.style.height = `${picture.heightFor(width)}px`;
    const height = canvas.clientHeight;
    const scale = window.devicePixelRatio;
    // Resizing a canvas costs a new bitmap and a layout, even to the size that it has.
    const pixels = { width: Math.round(width * scale), height: Math.round(height * scale) };
    if (canvas.width !== pixels.width) canvas.width = pixels.width;
    if (canvas.height !== pixels.height) canvas.height = pixels.height;
    context.resetTransform();
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.setTransform(canvas.width / width, 0, 0, canvas.height / Math.max(1, height), 0, 0);
    picture.paint({ context, width, height, colour: coloursOf(canvas) });
  };

  const request = () => {
    if (timer !== undefined) return;
    const wait = paintedAt + REPAINT_INTERVAL_MS - performance.now();
    if (wait <= 0) paintNow();
    else timer = setTimeout(paintNow, wait);
  };

  const unwatch = watchSurroundings(canvas, request);
  return {
    show(next) {
      picture = next;
      request();
    },
    stop() {
      unwatch();
      clearTimeout(timer);
    },
  };
}

/** Each token is looked up once: one look may make the browser compute all styles of the page anew. */
function coloursOf(canvas: HTMLCanvasElement): Surface["colour"] {
  const style = getComputedStyle(canvas);
  const known = new Map<string, string>();
  return (token) => {
    const colour = known.get(token) ?? style.getPropertyValue(token).trim();
    known.set(token, colour);
    return colour;
  };
}

/** Size, theme and contrast: whatever makes a painted canvas look wrong without new data. */
function watchSurroundings(canvas: HTMLCanvasElement, changed: () => void): () => void {
  const size = new ResizeObserver(changed);
  size.observe(canvas);
  const theme = new MutationObserver(changed);
  theme.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  const media = ["(prefers-color-scheme: dark)", "(forced-colors: active)"].map((query) => matchMedia(query));
  for (const query of media) query.addEventListener("change", changed);
  return () => {
    size.disconnect();
    theme.disconnect();
    for (const query of media) query.removeEventListener("change", changed);
  };
}
