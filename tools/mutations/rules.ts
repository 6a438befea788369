/** Every rule that `npm run mutations` takes out, by the part of the engine that keeps it. */
import { accounts } from "./accounts.ts";
import { badData } from "./bad-data.ts";
import { choking } from "./choking.ts";
import { giving } from "./giving.ts";
import { picking } from "./picking.ts";
import type { Rule } from "./rule.ts";

export const rules: readonly Rule[] = [...choking, ...picking, ...badData, ...giving, ...accounts];

/** Those with all of the words in their title or file. */
export function rulesWith(words: readonly string[]): readonly Rule[] {
  const has = ({ title, file }: Rule, word: string) => `${title} ${file}`.includes(word);
  return rules.filter((rule) => words.every((word) => has(rule, word)));
}
