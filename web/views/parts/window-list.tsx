/**
 * A list of which only the rows in view are drawn, so that ten thousand scroll like ten.
 *
 * Invariants
 *  1. Every row is as high as the token --row-height says.
 *  2. At least FEWEST rows are drawn, or all.
 *  3. A screen reader hears of the whole list: each row says which of how many it is.
 */
import { type ReactNode, useEffect, useRef, useState } from "react";

interface WindowListProps<Item> {
  readonly items: readonly Item[];
  /** @param place to be spread on the row's `<li>`. */
  readonly row: (item: Item, index: number, place: RowPlace) => ReactNode;
  readonly className?: string | undefined;
}

export interface RowPlace {
  readonly "aria-setsize": number;
  readonly "aria-posinset": number;
}

/** Rows drawn before and behind those in view, and the step in which that moves. */
const MARGIN = 12;
const STEP = 6;

const FEWEST = 4 * STEP;

interface Range {
  readonly first: number;
  readonly end: number;
}

export function WindowList<Item>({ items, row, className }: WindowListProps<Item>) {
  const list = useRef<HTMLUListElement>(null);
  const [range, setRange] = useState<Range>({ first: 0, end: FEWEST });
  const count = items.length;

  useEffect(() => {
    const look = () => {
      const rowHeight = list.current?.querySelector("li")?.offsetHeight ?? 0;
      if (list.current === null || rowHeight === 0) return;
      const { top } = list.current.getBoundingClientRect();
      const next = rangeInView(-top / rowHeight, (window.innerHeight - top) / rowHeight, count);
      setRange((known) => (known.first === next.first && known.end === next.end ? known : next));
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [count]);

  const first = Math.min(range.first, count);
  const end = Math.min(range.end, count);
  return (
    <ul
      ref={list}
      className={className}
      style={{ paddingBlock: `calc(${first} * var(--row-height)) calc(${count - end} * var(--row-height))` }}
    >
      {items
        .slice(first, end)
        .map((item, i) => row(item, first + i, { "aria-setsize": count, "aria-posinset": first + i + 1 }))}
    </ul>
  );
}

/**
 * Somewhere in the list there are always rows: whoever measures them finds some, however far away the window is.
 *
 * @param top @param bottom of the window, in rows from the beginning of the list.
 */
export function rangeInView(top: number, bottom: number, count: number): Range {
  const last = Math.max(0, count - FEWEST);
  const first = Math.min(Math.max(0, Math.floor((top - MARGIN) / STEP) * STEP), last);
  const end = Math.max(first + FEWEST, Math.ceil((bottom + MARGIN) / STEP) * STEP);
  return { first, end: Math.min(end, count) };
}
