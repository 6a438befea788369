/** What every implementation of `Claims` must do, as scenarios that need no test framework. */
import type { Claims } from "./claims.ts";

export interface ClaimsScenario {
  readonly title: string;
  /** `open` gives the claims of another tab of one profile; no other scenario uses the same names. */
  play(open: () => Claims): Promise<void>;
}

export const claimsScenarios: readonly ClaimsScenario[] = [
  {
    title: "a name has one owner, until that one lets go",
    async play(open) {
      const [one, other] = [open(), open()];
      expect(await one.tryClaim("a"), "the first one gets it");
      expect(!(await other.tryClaim("a")), "the second one does not");
      expect((await other.taken()).has("a"), "everybody sees that it is taken");
      one.release("a");
      await until(() => other.tryClaim("a"));
      expect(!(await one.tryClaim("a")), "it is the other one's now");
      other.release("a");
    },
  },
  {
    title: "who claims twice lets go twice",
    async play(open) {
      const [one, other] = [open(), open()];
      expect((await one.tryClaim("b")) && (await one.tryClaim("b")), "claiming again is no refusal");
      one.release("b");
      expect(!(await other.tryClaim("b")), "it is still claimed once");
      one.release("b");
      await until(() => other.tryClaim("b"));
      other.release("b");
    },
  },
  {
    title: "those who wait get the name in their order, and who gave up does not",
    async play(open) {
      const [owner, first, second, third] = [open(), open(), open(), open()];
      await owner.tryClaim("c");
      const got: string[] = [];
      first.await("c", () => got.push("first"));
      const giveUp = second.await("c", () => got.push("second"));
      third.await("c", () => got.push("third"));
      giveUp();
      owner.release("c");
      await until(async () => got.length === 1);
      first.release("c");
      await until(async () => got.length === 2);
      expect(got.join() === "first,third", `it was ${got.join()}`);
      third.release("c");
    },
  },
  {
    title: "a free name comes at once to who waits for it",
    async play(open) {
      const one = open();
      let isOurs = false;
      one.await("d", () => {
        isOurs = true;
      });
      expect(!isOurs, "not from within the call");
      await until(async () => isOurs);
      one.release("d");
    },
  },
  {
    title: "the other tabs hear what somebody waits for",
    async play(open) {
      const [owner, other] = [open(), open()];
      const heard: string[] = [];
      owner.onAwaited((name) => heard.push(name));
      await owner.tryClaim("e");
      const giveUp = other.await("e", () => {});
      await until(async () => heard.includes("e"));
      giveUp();
      owner.release("e");
    },
  },
];

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`expected that ${what}`);
}

/** Asks until it is so: a name that was let go is free a moment later. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 2_000; turn++) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error("it did not come about");
}
