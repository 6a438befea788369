import { useEffect } from "react";
import { titleProgress } from "../store/selectors.ts";
import { useApp } from "./app-context.tsx";

/** More steps are not seen in an icon, and for each the browser draws the icon and its row of tabs anew. */
const STEPS = 20;

/** The icon of the tab fills as a ring: tabs that lie side by side show no title. */
export function useFavicon(): void {
  const percent = useApp((state) => {
    const busy = titleProgress(state);
    return busy === undefined ? undefined : (Math.floor(busy.progress * STEPS) * 100) / STEPS;
  });
  useEffect(() => {
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon === null || percent === undefined) return;
    const ordinary = icon.getAttribute("href") ?? "";
    icon.href = `data:image/svg+xml,${encodeURIComponent(ring(percent))}`;
    return () => {
      icon.setAttribute("href", ordinary);
    };
  }, [percent]);
}

/** Two circles of circumference 100; tabs are light or dark whatever the page is, so its colours are read from it. */
function ring(percent: number): string {
  const style = getComputedStyle(document.documentElement);
  const circle = (token: string, dash: string) =>
    `<circle cx="20" cy="20" r="15.915" fill="none" stroke="${style.getPropertyValue(token)}" stroke-width="7" ${dash}/>`;
  const done = `stroke-dasharray="${percent} 100" transform="rotate(-90 20 20)"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">${circle("--cell-asked", "")}${circle("--cell-have", done)}</svg>`;
}
