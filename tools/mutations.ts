/**
 * `npm run mutations`: which tests fail when a rule of the engine is taken out.
 *
 * Each rule of tools/mutations/ is taken out by itself, in a copy of the tree, and the tests around it are run there.
 * `-- choker` does so with the rules that have this word in their title or file. Prints a table, row by row. Exit
 * code 1 when no test notices that some rule is gone, 2 when the rules do not fit the tree.
 */
import { availableParallelism } from "node:os";
import { type Rule, RuleError } from "./mutations/rule.ts";
import { rulesWith } from "./mutations/rules.ts";
import { type Failure, Tree } from "./mutations/tree.ts";

const MOST_TREES = 4;
const TITLES_SHOWN = 2;
const TITLE_CHARACTERS = 60;

/** Prints a row for each rule, in their order. @returns the rules that no test misses. */
async function takeOut(rules: readonly Rule[], trees: readonly Tree[]): Promise<readonly Rule[]> {
  const tests = [...new Set(rules.flatMap((rule) => rule.tests))];
  const [broken] = (await trees[0]?.failures(tests)) ?? [];
  if (broken !== undefined)
    throw new RuleError(`${broken.file}: "${broken.title}" fails with every rule in place.`);
  console.log("| rule removed | tests that fail | the first of them |\n|---|---|---|");
  const found: (readonly Failure[])[] = [];
  let taken = 0;
  let printed = 0;
  const work = async (tree: Tree) => {
    for (let at = taken++; at < rules.length; at = taken++) {
      const rule = rules[at];
      if (rule !== undefined) found[at] = await tree.failuresWithout(rule);
      for (let failures = found[printed]; failures !== undefined; failures = found[++printed])
        console.log(`| ${rules[printed]?.title} | ${failures.length} | ${firstOf(failures)} |`);
    }
  };
  await Promise.all(trees.map(work));
  return rules.filter((_, at) => found[at]?.length === 0);
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
const trees: Tree[] = [];
const removeTrees = () => {
  for (const tree of trees) tree.remove();
};
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    removeTrees();
    process.exit(2);
  });
}
try {
  if (rules.length === 0)
    throw new RuleError(`There is no rule with ${words.join(" and ")} in its title or file.`);
  while (trees.length < Math.min(MOST_TREES, availableParallelism(), rules.length)) trees.push(new Tree());
  const unnoticed = await takeOut(rules, trees);
  for (const { title } of unnoticed) console.error(`No test notices when this rule is gone: ${title}`);
  console.log(
    `\n${rules.length} rules were taken out, ${unnoticed.length} of them without any test noticing.`,
  );
  process.exitCode = unnoticed.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof RuleError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
} finally {
  removeTrees();
}
