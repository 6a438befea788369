/**
 * Names the code of the screens in the page's head, so that it is fetched beside the code that asks for it
 * instead of one round trip later.
 */
import type { Plugin } from "vite";

const SCREENS = "/views/mount.tsx";

export function preloadScreens(): Plugin {
  return {
    name: "shoal:preload-screens",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
        const screens = chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith(SCREENS)));
        if (screens === undefined) return [];
        const parts = [screens, ...chunks.filter((chunk) => screens.imports.includes(chunk.fileName))];
        const sheets = new Set(parts.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]));
        // Home is seen as soon as its sheets are here, and used as soon as the page's own few kilobytes are: neither
        // must wait behind the screens' code for one of six connections, or share the line with it.
        return [
          ...[...sheets].map((sheet) => headLink({ rel: "stylesheet", href: `/${sheet}` })),
          ...parts.map((chunk) =>
            headLink({ rel: "modulepreload", href: `/${chunk.fileName}`, fetchpriority: "low" }),
          ),
        ];
      },
    },
  };
}

function headLink(attributes: {
  readonly rel: string;
  readonly href: string;
  readonly fetchpriority?: string;
}) {
  return { tag: "link", attrs: { ...attributes, crossorigin: true }, injectTo: "head" as const };
}
