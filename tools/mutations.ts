/**
 * `npm run mutations`: which tests fail when a rule of the engine is taken out.
 *
 * Each rule of tools/mutations/ is taken out by itself, in a copy of the tree, and the tests around it are run there.
 * `-- choker` does so with the rules that have this word in their title or file. Prints a table, row by row. Exit
 * code 1 when no test notices that some rule is gone, 2 when the rules do not fit the tree.
 */
import { type Rule, RuleError } from "./mutations/rule.ts";
import { rulesWith } from "./mutations/rules.ts";
import { type Failure, Tree } from "./mutations/tree.ts";

const TITLES_SHOWN = 2;
const TITLE_CHARACTERS = 80;

/** @returns the rules that no test misses. */
function takeOut(rules: readonly Rule[], tree: Tree): readonly Rule[] {
  const [broken] = tree.failures([...new Set(rules.flatMap(({ tests }) => tests))]);
  if (broken !== undefined)
    throw new RuleError(`${broken.file}: "${broken.title}" fails with every rule in place.`);
  console.log("| rule removed | tests that fail | the first of them |\n|---|---|---|");
  return rules.filter((rule) => {
    const failures = tree.failuresWithout(rule);
    console.log(`| ${rule.title} | ${failures.length} | ${firstOf(failures)} |`);
    return failures.length === 0;
  });
}

/** The first titles, each file's name before its own. */
function firstOf(failures: readonly Failure[]): string {
  const shown = failures.slice(0, TITLES_SHOWN);
  const named = ({ file, title }: Failure, at: number) =>
    shown[at - 1]?.file === file ? shortened(title) : `\`${file}\`: ${shortened(title)}`;
  return shown.map(named).join("; ");
}

/** Cut between two words. */
function shortened(title: string): string {
  if (title.length <= TITLE_CHARACTERS) return title;
  return `${title.slice(0, title.lastIndexOf(" ", TITLE_CHARACTERS))}…`;
}

const words = process.argv.slice(2);
const rules = rulesWith(words);
let tree: Tree | undefined;
try {
  if (rules.length === 0)
    throw new RuleError(`There is no rule with ${words.join(" and ")} in its title or file.`);
  tree = new Tree();
  const unnoticed = takeOut(rules, tree);
  for (const { title } of unnoticed) console.error(`No test notices when this rule is gone: ${title}`);
  process.exitCode = unnoticed.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof RuleError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
} finally {
  tree?.remove();
}
