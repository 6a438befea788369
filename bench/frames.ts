/**
 * Whether the screens keep up with what they show: a share of 20,000 pieces and 60 people that changes four times a
 * second, with every detail open, and a list of 10,000 files that is scrolled as by a strong flick of a finger, and from
 * end to end as by dragging the scroll bar.
 *
 * Of made-up data (`npm run dev:mock`), so that nothing but drawing is measured. A frame is late that comes after more
 * than one and a half of a screen's 60 turns a second.
 */
import type { BrowserContext, Page } from "@playwright/test";
import { type MockUi, openScene } from "../tools/mock-ui.ts";
import { table } from "./figures.ts";
import { keepNames } from "./keep-names.ts";

export interface FrameFigures {
  /** Share of frames that came late, 0 … 1. */
  readonly late: number;
  /** Longest time between two frames, ms. */
  readonly longestMs: number;
  /** Tasks of more than 50 ms. */
  readonly longTasks: number;
}

const SECONDS = 6;
const WATCHED = [
  { name: "20,000 pieces and 60 people, details open", scene: "receiving-many-pieces", pixels: 0 },
  { name: "60 people, sending", scene: "sharing-large-crowd", pixels: 0 },
  { name: "10,000 files, flicked", scene: "receiving-many-files", pixels: 6_000 * SECONDS },
  { name: "10,000 files, from end to end", scene: "receiving-many-files", pixels: Number.MAX_SAFE_INTEGER },
] as const;

/** @param slowedDown how many times slower the processor is made, as on a middling phone. */
export async function measureFrames(
  profile: BrowserContext,
  ui: MockUi,
  slowedDown: number,
): Promise<Record<string, FrameFigures>> {
  const figures: Record<string, FrameFigures> = {};
  for (const { name, scene, pixels } of WATCHED) {
    const page = await profile.newPage();
    await keepNames(page);
    await openScene(page, ui, scene, "live");
    if (pixels > 0) await page.getByRole("button", { name: /Show all/ }).click();
    else {
      await page.getByTestId("details").evaluate((details) => details.setAttribute("open", ""));
      await page.getByTestId("piece-map").waitFor();
    }
    await slowDown(page, slowedDown);
    figures[name] = await page.evaluate(watchFrames, { seconds: SECONDS, pixels });
    await page.close();
  }
  return figures;
}

async function slowDown(page: Page, rate: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate });
}

/** Runs in the page. @param pixels scrolled meanwhile, at most as many as there are. */
function watchFrames({ seconds, pixels }: { seconds: number; pixels: number }): Promise<FrameFigures> {
  return new Promise((resolve) => {
    let longTasks = 0;
    const tasks = new PerformanceObserver((list) => {
      longTasks += list.getEntries().length;
    });
    tasks.observe({ type: "longtask" });
    const gaps: number[] = [];
    const way = Math.min(pixels, document.documentElement.scrollHeight - window.innerHeight);
    const startedAt = performance.now();
    let last = startedAt;
    const turn = (now: number) => {
      gaps.push(now - last);
      last = now;
      const gone = (now - startedAt) / (seconds * 1000);
      if (pixels > 0) window.scrollTo(0, way * Math.min(1, gone));
      if (gone < 1) {
        requestAnimationFrame(turn);
        return;
      }
      tasks.disconnect();
      const late = gaps.filter((gap) => gap > 25).length / gaps.length;
      resolve({ late, longestMs: Math.max(...gaps), longTasks });
    };
    requestAnimationFrame(turn);
  });
}

export function framesTable(figures: Readonly<Record<string, FrameFigures>>): string {
  return table([
    ["", "late frames", "longest, ms", "tasks > 50 ms"],
    ...Object.entries(figures).map(([name, { late, longestMs, longTasks }]) => [
      name,
      `${(late * 100).toFixed(1)} %`,
      longestMs.toFixed(0),
      `${longTasks}`,
    ]),
  ]);
}
