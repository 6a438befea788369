import { describe, expect, test } from "vitest";
import type { OpenProblem, Problem } from "../../store/session.ts";
import type { Stage } from "../../store/share-view.ts";
import { createText } from "./en.ts";

const text = createText();
const plain = (words: string) => words.replaceAll("\u00a0", " ");

const problems: readonly Problem[] = [
  { code: "nobody-here" },
  { code: "source-gone", lastSeenAt: 0, isAlone: true },
  { code: "source-gone", lastSeenAt: 0, isAlone: false },
  ...(
    [
      "hidden-without-relay",
      "relay-silent",
      "relay-in-vain",
      "no-help",
      "ours-closed",
      "theirs-closed",
      "both-refuse",
    ] as const
  ).map((cause) => ({ code: "no-route", cause }) as const),
  { code: "tracker-unreachable" },
  { code: "password-needed" },
  { code: "wrong-password" },
  { code: "storage-refused" },
  { code: "storage-full" },
  { code: "file-changed", name: "a.txt" },
  { code: "too-large-for-memory", limit: 512_000_000 },
  { code: "nothing-to-share" },
  { code: "invalid-torrent", trouble: "too-many" },
  { code: "torrent-contradictory" },
  { code: "internal" },
];
const linkProblems: readonly OpenProblem[] = [
  "empty",
  "not-a-link",
  "cut-off",
  "damaged",
  "unsupported",
  "torrent-unreadable",
  "torrent-not-a-torrent",
  "torrent-too-large",
  "torrent-too-deep",
  "torrent-too-many",
  "torrent-empty",
  "torrent-names",
  "torrent-sizes",
  "torrent-contradiction",
  "torrent-version",
];
const stages: readonly Stage[] = [
  "fingerprinting",
  "sharing",
  "finding",
  "offered",
  "downloading",
  "checking",
  "paused",
  "waiting",
  "done",
  "stopped",
  "failed",
];

describe("every notice", () => {
  const notices = [
    ...problems.map((problem) => text.problem(problem, 0.63)),
    ...linkProblems.map((problem) => text.linkProblem(problem)),
  ];

  test("has a title and a way on of its own", () => {
    expect(new Set(notices.map((notice) => notice.title)).size).toBe(notices.length);
    expect(new Set(notices.map((notice) => notice.body)).size).toBe(notices.length);
    for (const { title, body } of notices) {
      expect(title).toMatch(/\.$/);
      expect(body).toMatch(/\.$/);
    }
  });

  test("keeps the field's words to Details", () => {
    const fieldWords = /\b(peer|torrent|chunk|ICE|seed|leech|choke)\w*/;
    const states = stages.flatMap((stage) => [text.state(stage, 0), text.state(stage, 2)]);
    // Who opened a torrent themselves knows the word.
    const opened = linkProblems.filter((problem) => problem.startsWith("torrent-"));
    const aboutTorrents = new Set(opened.map((problem) => text.linkProblem(problem).title));
    for (const { title, body } of notices) {
      const words = `${title} ${body}`;
      expect(aboutTorrents.has(title) ? words.replaceAll("torrent", "") : words).not.toMatch(fieldWords);
    }
    for (const words of states) expect(words).not.toMatch(fieldWords);
  });
});

test("whoever is alone behind a link hears both causes: the sender's tab is closed, or the link was changed", () => {
  const { body } = text.problem({ code: "nobody-here" }, 0);
  expect(body).toContain("the sender's tab is closed");
  expect(body).toContain("not exactly as it was sent");
});

test("a loss tells how far it had come", () => {
  expect(plain(text.problem({ code: "source-gone", lastSeenAt: 0, isAlone: true }, 0.637).title)).toBe(
    "The sender went offline at 63 %.",
  );
});

test("states are told in the words of the screens", () => {
  expect(text.state("sharing", 0)).toBe("Waiting for someone");
  expect(text.state("sharing", 1)).toBe("Sharing");
  expect(text.state("waiting", 0)).toBe("Waiting for a copy");
  expect(text.state("finding", 0)).toBe("Connecting");
  expect(text.state("finding", 0, true)).toBe("Waiting for someone");
});

test("availability counts copies and parts, and says whether that is everything", () => {
  expect(text.receiving.availability(1, 2, true)).toBe(
    "1 complete copy and 2 parts online, everything is available.",
  );
  expect(text.receiving.availability(0, 1, false)).toBe("1 part online, some of it is missing for now.");
  expect(text.receiving.availability(0, 0, false)).toBe("Nobody with a copy is here right now.");
});

test("sentences agree with their numbers", () => {
  expect(plain(text.share.contents(1, 1_800_000_000))).toBe("1 file · 1.8 GB");
  expect([1, 2, 3].map(text.receiving.done)).toEqual([
    "Your file is here and checked.",
    "Both files are here and checked.",
    "All 3 files are here and checked.",
  ]);
  expect([0, 1, 2].map(text.receiving.keepOpen)).toEqual([
    "Keep this tab open to help others",
    "Keep this tab open to help others (1 person waiting)",
    "Keep this tab open to help others (2 people waiting)",
  ]);
  expect([0, 1, 3].map(text.home.letGo)).toEqual([
    "Let go to share",
    "Let go to share 1 item",
    "Let go to share 3 items",
  ]);
});

test("a name has two words for every value that an id can give", () => {
  for (let value = 0; value < 256; value++)
    expect(text.person.name({ adjective: value, animal: 255 - value, colour: 0 })).toMatch(
      /^[A-Z]\w+ [A-Z]\w+$/,
    );
});
