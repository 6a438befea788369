/** What keeps the screens of one piece: colours and sizes come from the tokens, words from the catalogue. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const views = fileURLToPath(new URL(".", import.meta.url));

function filesWith(ending: RegExp): { readonly name: string; readonly text: string }[] {
  return readdirSync(views, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name) && !/\.test\.tsx?$/.test(name))
    .map((name) => ({
      name: relative(views, join(views, name)),
      text: readFileSync(join(views, name), "utf8"),
    }));
}

/** Media queries cannot read a token: a page is narrow at one of these. */
const BREAKPOINTS = ["30rem", "48rem"];

const colour = /#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hwb|lab|lch|oklab|oklch|color|light-dark)\(/gi;
const length = /(?<![\w-])-?\d*\.?\d+(?:px|rem|em|ch|vw|vh|dvh|svh|pt|ms|s)\b/g;

/** Colours and lengths of a style sheet that are no token's. */
function rawValues(css: string): string[] {
  const rules = css.replace(/\/\*[\s\S]*?\*\//g, "");
  const outsideOfQueries = rules.replace(/@media[^{]*/g, (query) =>
    BREAKPOINTS.reduce((rest, breakpoint) => rest.replaceAll(breakpoint, ""), query),
  );
  return [...(outsideOfQueries.match(colour) ?? []), ...(outsideOfQueries.match(length) ?? [])];
}

/** Colours and lengths that a component gives to an element past the style sheets. */
function rawStyles(source: string): string[] {
  const inline = source.match(/style=\{\{[^}]*\}\}/g) ?? [];
  const sizes = source.match(/<(?:Icon|[A-Z]\w*Icon)\b[^>]*\b(?:width|height|color|strokeWidth)=/g) ?? [];
  return [
    ...inline.flatMap((style) => rawValues(style)),
    ...sizes,
    ...(withoutWords(source).match(/"#[0-9a-f]{3,8}"/gi) ?? []),
  ];
}

function withoutWords(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "");
}

/** Words that stand in a component instead of in the catalogue. */
function rawWords(source: string): string[] {
  const code = withoutWords(source);
  const children = code.match(/(?<=[\w"'}/]>)\s*[^<>{}()=;]*\p{L}{2,}[^<>{}()=;]*(?=<\/)/gu) ?? [];
  const attributes =
    code.match(/\b(?:aria-label|title|placeholder|alt|label|hint)="[^"]*\p{L}[^"]*"/gu) ?? [];
  return [...children.map((words) => words.trim()), ...attributes];
}

describe("the screens", () => {
  test("take every colour and every size from the tokens", () => {
    const sheets = filesWith(/\.module\.css$/);
    expect(sheets.length).toBeGreaterThan(20);
    const found = [
      ...sheets.map(({ name, text }) => [name, rawValues(text)] as const),
      ...filesWith(/\.tsx$/).map(({ name, text }) => [name, rawStyles(text)] as const),
    ];
    expect(found.filter(([, values]) => values.length > 0)).toEqual([]);
  });

  test("use no token that is not there", () => {
    const tokens = new Set(
      readFileSync(join(views, "theme/tokens.css"), "utf8").match(/--[\w-]+(?=:|\s*\{)/g),
    );
    const unknown = filesWith(/\.(?:css|tsx?)$/).flatMap(({ name, text }) => {
      const own = new Set(text.match(/--[\w-]+(?=:)/g));
      const used = [...text.matchAll(/var\((--[\w-]+)/g)].map(([, token = ""]) => token);
      return used
        .filter((token) => !tokens.has(token) && !own.has(token) && !GIVEN.test(token))
        .map((token) => `${name}: ${token}`);
    });
    expect(unknown).toEqual([]);
  });

  test("turn around by the attribute, for the build makes a list of languages out of :dir()", () => {
    const found = filesWith(/\.css$/).filter(({ text }) => text.includes(":dir("));
    expect(found.map(({ name }) => name)).toEqual([]);
  });

  test("have all their words in the catalogue", () => {
    const found = filesWith(/\.tsx$/)
      .filter(({ name }) => !name.startsWith("mock/"))
      .map(({ name, text }) => [name, rawWords(text)] as const);
    expect(found.filter(([, words]) => words.length > 0)).toEqual([]);
  });
});

/** Set by the library of components while something moves; people's colours are numbered. */
const GIVEN = /^--(?:drawer-|transform-origin|person-$)/;

describe("this test", () => {
  test("sees a colour and a size, however they are written", () => {
    expect(rawValues(".a { color: #fff; margin: 0 -1.5rem; }")).toEqual(["#fff", "-1.5rem"]);
    expect(
      rawValues(".a { color: rgb(0 0 0 / 0.5); width: calc(100% - 3px); transition: all 120ms; }"),
    ).toHaveLength(3);
    expect(rawValues("@media (max-width: 41rem) { .a { gap: var(--space-1); } }")).toEqual(["41rem"]);
    expect(rawStyles('<p style={{ color: "#123456", width: "3px" }} />')).toContain("#123456");
  });

  test("lets tokens, shares and breakpoints through", () => {
    expect(
      rawValues(".a { color: var(--ink); width: 50%; flex: 1 1 0; inset: calc(-1 * var(--space-2)); }"),
    ).toEqual([]);
    expect(rawValues("@media (max-width: 30rem) { .a { opacity: 0.5; } }")).toEqual([]);
  });

  test("sees words in a component", () => {
    expect(rawWords("<p>Send files</p>")).toEqual(["Send files"]);
    expect(rawWords('<img alt="A fish" />')).toHaveLength(1);
    expect(rawWords("<p>{text.home.title}</p>")).toEqual([]);
    expect(rawWords("const a = b > 0 ? c : d; return <p className={styles.x}>{a}</p>")).toEqual([]);
  });
});
