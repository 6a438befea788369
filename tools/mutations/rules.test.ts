import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { repository } from "../command.ts";
import { type Rule, without } from "./rule.ts";
import { rules, rulesWith } from "./rules.ts";

const sources = new Map<string, string>();

function sourceOf(file: string): string {
  const source = sources.get(file) ?? readFileSync(join(repository, file), "utf8");
  sources.set(file, source);
  return source;
}

/** What is wrong with the rule, as one sentence. */
function problemOf(rule: Rule): string[] {
  const missing = rule.tests.filter((path) => !existsSync(join(repository, path)));
  if (missing.length > 0) return [`"${rule.title}": there is no ${missing.join(", ")}.`];
  try {
    without(rule, sourceOf(rule.file));
    return [];
  } catch (error) {
    return [String(error)];
  }
}

test("every rule's text stands exactly once in its file, and its tests are there", () => {
  expect(rules.flatMap(problemOf)).toEqual([]);
});

test("no two rules have one title", () => {
  const titles = rules.map(({ title }) => title);
  expect(titles).toEqual([...new Set(titles)]);
});

test("a text that is not there, or twice, is an error that names the rule and the file", () => {
  const rule: Rule = { title: "choker: a rule", file: "a.ts", text: "b", replacement: "", tests: [] };
  expect(without(rule, "abc")).toBe("ac");
  expect(() => without(rule, "ac")).toThrow('"choker: a rule": its text `b` is no longer found in a.ts.');
  expect(() => without(rule, "abcb")).toThrow("found more than once in a.ts");
});

test("rules are chosen by words of their titles and files, all of them by none", () => {
  expect(rulesWith([])).toEqual(rules);
  const chosen = rulesWith(["picker", "endgame"]);
  expect(chosen.length).toBeGreaterThan(0);
  expect(chosen.length).toBeLessThan(rulesWith(["picker"]).length);
  expect(rulesWith(["no such rule"])).toEqual([]);
});
