/**
 * Draws the screens that are seen first into the page at build time. Home is there, and can be used, before its code is
 * (web/before-the-app.ts); who opens a link sees that something is under way. Home in English stands in the page
 * itself, everything else in templates beside it. Nothing is shown before the page knows which of them it is, and in
 * which language and colours.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "vite";

const ROOT = '<div id="root"></div>';

export function prerenderScreens(): Plugin {
  return {
    name: "shoal:prerender-screens",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      async handler(html) {
        if (!html.includes(ROOT)) throw new Error(`index.html has no ${ROOT}`);
        const screens = await firstScreens();
        const templates = Object.entries(screens).flatMap(([language, { home, opening }]) => [
          ...(language === "en" ? [] : [template("home", language, home)]),
          template("opening", language, opening),
        ]);
        const root = `<div id="root" hidden>${still(screens.en.home)}</div>`;
        return html.replace(ROOT, () => [root, ...templates].join("\n    "));
      },
    },
  };
}

/** Found by the page by its attribute (web/main.tsx). */
function template(screen: "home" | "opening", language: string, markup: string): string {
  return `<template data-${screen}="${language}">${still(markup)}</template>`;
}

async function firstScreens() {
  const folder = mkdtempSync(join(tmpdir(), "shoal-prerender-"));
  try {
    const file = join(folder, "prerender.mjs");
    writeFileSync(file, await bundle());
    const drawing: typeof import("../web/prerender.tsx") = await import(pathToFileURL(file).href);
    return await drawing.prerenderScreens();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One script with everything in it, with the class names of the real build. */
async function bundle(): Promise<string> {
  const built = await build({
    configFile: false,
    root: "web",
    publicDir: false,
    logLevel: "warn",
    mode: "production",
    ssr: { noExternal: true },
    build: {
      ssr: "prerender.tsx",
      write: false,
      rolldownOptions: { output: { codeSplitting: false } },
    },
  });
  const chunks = [built].flat().flatMap((result) => ("output" in result ? result.output : []));
  const chunk = chunks.find((each) => each.type === "chunk" && each.isEntry);
  if (chunk?.type !== "chunk") throw new Error("What draws the screens is not one script.");
  return chunk.code;
}

/** Without inline styles, which the site's policy forbids, and without the box behind a switch, which they hide. */
function still(markup: string): string {
  return markup.replaceAll(/<input\b[^>]*type="checkbox"[^>]*>/g, "").replaceAll(/ style="[^"]*"/g, "");
}
