/** A rule of the engine, written so that a program can take it out. */

export interface Rule {
  /** The part of the engine, and what it does: "choker: who gives most comes first". */
  readonly title: string;
  /** Where the rule is; paths are from the repository's root, with forward slashes. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly text: string;
  /** What stands there without the rule; the file must still be a module. */
  readonly replacement: string;
  /** The test files of which some test is to fail without it. */
  readonly tests: readonly string[];
}

/** The list and the tree do not fit together; the message is one sentence for whoever changed one of them. */
export class RuleError extends Error {
  override readonly name = "RuleError";
}

/**
 * @param source the content of the rule's file.
 * @returns the same without the rule.
 * @throws RuleError when the rule's text is not there exactly once.
 */
export function without(rule: Rule, source: string): string {
  const [before = "", after, ...more] = source.split(rule.text);
  const where = `"${rule.title}": its text \`${rule.text}\``;
  if (after === undefined) throw new RuleError(`${where} is no longer found in ${rule.file}.`);
  if (more.length > 0) throw new RuleError(`${where} is found more than once in ${rule.file}.`);
  return before + rule.replacement + after;
}
