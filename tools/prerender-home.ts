/**
 * Draws Home into the page at build time, so that it is there, and can be used, before its code is
 * (web/before-the-app.ts). English stands in the page itself, every other language in a template beside it. Nothing is
 * shown before the page knows that it is Home, and in which language and colours.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build, type Plugin } from "vite";

const ROOT = '<div id="root"></div>';

export function prerenderHome(): Plugin {
  return {
    name: "shoal:prerender-home",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      async handler(html) {
        if (!html.includes(ROOT)) throw new Error(`index.html has no ${ROOT}`);
        const { en = "", ...others } = await homes();
        const templates = Object.entries(others).map(
          ([language, home]) => `<template data-home="${language}">${home}</template>`,
        );
        return html.replace(ROOT, () => [`<div id="root" hidden>${en}</div>`, ...templates].join("\n    "));
      },
    },
  };
}

async function homes(): Promise<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "shoal-prerender-"));
  try {
    const file = join(folder, "prerender.mjs");
    writeFileSync(file, await bundle());
    const { prerenderHome: draw }: typeof import("../web/prerender.tsx") = await import(
      pathToFileURL(file).href
    );
    return Object.fromEntries(
      Object.entries(await draw()).map(([language, home]) => [language, still(home)]),
    );
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
  if (chunk?.type !== "chunk") throw new Error("What draws Home is not one script.");
  return chunk.code;
}

/** Without inline styles, which the site's policy forbids, and without the box behind a switch, which they hide. */
function still(home: string): string {
  return home.replaceAll(/<input\b[^>]*type="checkbox"[^>]*>/g, "").replaceAll(/ style="[^"]*"/g, "");
}
