import { describe, expect, test } from "vitest";
import { millis } from "../../engine/units.ts";
import type { CandidateKind } from "../introductions/candidate-kinds.ts";
import type { SearchFacts } from "../introductions/search-record.ts";
import { judge, type Situation } from "./share-state.ts";

const NOW = millis(100_000);
const msAgo = (ms: number) => millis(NOW - ms);

/** A receiver who is linked and downloading. */
const downloading: Situation = {
  role: "receiver",
  stage: "joined",
  fault: undefined,
  accepted: true,
  canReopen: false,
  paused: false,
  isLocked: false,
  hasPassword: false,
  hasMetadata: true,
  isComplete: false,
  unavailableSince: undefined,
  trackerOnline: true,
  trackerSince: msAgo(60_000),
  search: undefined,
  webSeeds: 0,
  hasIceServers: true,
  relayAvailable: false,
  relayOnly: false,
  epochOffset: 1_000_000,
};

const linked: SearchFacts = {
  links: 1,
  everMet: true,
  others: 1,
  aloneSince: msAgo(60_000),
  answeredSince: undefined,
  turnedAway: 0,
  refused: 0,
  ourCandidates: new Set(),
  theirCandidates: new Set(),
};

/** Nobody met since `ms`. */
function alone(ms: number, more: Partial<SearchFacts> = {}): SearchFacts {
  return { ...linked, links: 0, everMet: false, others: 0, aloneSince: msAgo(ms), ...more };
}

function kinds(words: string): SearchFacts["ourCandidates"] {
  return new Set(words.split(" ") as CandidateKind[]);
}

function verdict(more: Partial<Situation>) {
  const { state, problem } = judge({ ...downloading, search: linked, ...more }, NOW);
  return problem === undefined ? state : `${state}: ${problem.code}`;
}

describe("the state of a share", () => {
  test.each<[string, Partial<Situation>]>([
    ["downloading", {}],
    ["waiting", { accepted: false }],
    ["connecting", { hasMetadata: false }],
    ["connecting", { search: undefined, hasMetadata: false }],
    ["connecting", { search: alone(100) }],
    ["paused", { paused: true }],
    ["paused: storage-full", { paused: true, fault: { code: "storage-full" } }],
    ["done", { isComplete: true, paused: true }],
    ["stopped", { stage: "stopped" }],
    ["failed: internal", { stage: "failed", fault: { code: "internal" } }],
    ["hashing", { role: "sender", stage: "hashing" }],
    ["seeding", { role: "sender", isComplete: true }],
    ["seeding: file-changed", { role: "sender", fault: { code: "file-changed", name: "a.txt" } }],
  ])("%s", (expected, situation) => {
    expect(verdict(situation)).toBe(expected);
  });
});

describe("why nothing goes on", () => {
  test.each<[string, string, Partial<Situation>]>([
    ["alone in the room for a while", "waiting: nobody-here", { search: alone(4_000), hasMetadata: false }],
    ["alone for a moment", "connecting", { search: alone(3_900), hasMetadata: false }],
    [
      "somebody is listed and does not answer",
      "waiting: nobody-here",
      { search: alone(10_000, { others: 1 }), hasMetadata: false },
    ],
    [
      "somebody is listed and has time to answer",
      "connecting",
      { search: alone(9_000, { others: 1 }), hasMetadata: false },
    ],
    [
      "somebody answers and no route is found",
      "waiting: no-route",
      { search: alone(9_000, { others: 1, answeredSince: msAgo(8_000) }), hasMetadata: false },
    ],
    [
      "who answered has left the room",
      "waiting: nobody-here",
      { search: alone(9_000, { answeredSince: msAgo(8_000) }), hasMetadata: false },
    ],
    ["whoever had it is gone", "waiting: source-gone", { search: alone(4_000, { everMet: true }) }],
    ["a password is asked for", "waiting: password-needed", { isLocked: true, hasMetadata: false }],
    [
      "whoever is here has another password",
      "waiting: wrong-password",
      { search: alone(1_000, { others: 1, turnedAway: 1 }), hasPassword: true, hasMetadata: false },
    ],
    [
      "a guesser has another password than those whom we met",
      "connecting",
      { search: alone(1_000, { everMet: true, turnedAway: 1 }), hasPassword: true, hasMetadata: false },
    ],
    ["those here lack something", "waiting: source-gone", { unavailableSince: msAgo(4_000) }],
    ["those here have not said yet what they have", "downloading", { unavailableSince: msAgo(1_000) }],
    [
      "the tracker is away",
      "waiting: tracker-unreachable",
      { search: alone(9_000), trackerOnline: false, trackerSince: msAgo(4_000) },
    ],
    [
      "the tracker is away and we are linked",
      "downloading",
      { trackerOnline: false, trackerSince: msAgo(60_000) },
    ],
  ])("%s", (_what, expected, situation) => {
    expect(verdict(situation)).toBe(expected);
  });

  test("it says when to look again, for exactly as long as the verdict depends on time", () => {
    const early = judge({ ...downloading, search: alone(1_000), hasMetadata: false }, NOW);
    expect(early.recheckAt).toBe(NOW + 3_000);
    expect(
      judge({ ...downloading, search: alone(4_000), hasMetadata: false }, NOW).recheckAt,
    ).toBeUndefined();
    expect(judge({ ...downloading, search: linked }, NOW).recheckAt).toBeUndefined();
  });

  test.each<[string, string, Partial<Situation>, Partial<SearchFacts>]>([
    ["hiding behind a relay that is not there", "hidden-without-relay", { relayOnly: true }, {}],
    [
      "a relay that gave no address",
      "relay-silent",
      { relayAvailable: true },
      { ourCandidates: kinds("host srflx") },
    ],
    ["the same while hiding", "relay-silent", { relayAvailable: true, relayOnly: true }, {}],
    [
      "an address at the relay that led nowhere",
      "relay-in-vain",
      { relayAvailable: true },
      { ourCandidates: kinds("relay") },
    ],
    ["a site that names no servers", "no-help", { hasIceServers: false }, { ourCandidates: kinds("host") }],
    [
      "a network of ours that nothing outside sees",
      "ours-closed",
      {},
      { ourCandidates: kinds("host"), theirCandidates: kinds("host srflx") },
    ],
    [
      "the same on their side",
      "theirs-closed",
      {},
      { ourCandidates: kinds("host srflx"), theirCandidates: kinds("host") },
    ],
    [
      "addresses on both sides that do not meet",
      "both-refuse",
      {},
      { ourCandidates: kinds("srflx"), theirCandidates: kinds("srflx") },
    ],
    ["nothing on either side", "both-refuse", {}, {}],
  ])("[RFC 8445] without a route it names %s", (_, cause, situation, facts) => {
    const search = alone(9_000, { others: 1, answeredSince: msAgo(9_000), ...facts });
    expect(judge({ ...downloading, search, ...situation }, NOW).problem).toEqual({ code: "no-route", cause });
  });
});

test("that whoever had it is gone is told with the time when they were last here", () => {
  const search = alone(4_000, { everMet: true });
  expect(judge({ ...downloading, search }, NOW).problem).toEqual({
    code: "source-gone",
    lastSeenAt: 1_000_000 + NOW - 4_000,
    isAlone: true,
  });
});

test("that those who are here lack something is another thing than that nobody is here", () => {
  expect(
    judge({ ...downloading, search: linked, unavailableSince: msAgo(4_000) }, NOW).problem,
  ).toMatchObject({ isAlone: false });
});
