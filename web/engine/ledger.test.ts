import { describe, expect, test } from "vitest";
import { Ledger, receiverRatio, reciprocity, senderRatio } from "./ledger.ts";
import { BLOCK_BYTES, LEDGER_PEERS } from "./limits.ts";
import { mergeTotals, NO_TOTALS, type Totals } from "./totals.ts";
import { type PeerId, peerId } from "./units.ts";

function id(number: number): PeerId {
  const peer = peerId(number.toString(16).padStart(40, "0"));
  if (peer === undefined) throw new Error(`${number}`);
  return peer;
}

const ann = id(1);
const bob = id(2);

const totals = (uploaded: number, downloaded: number, wasted: number): Totals => ({
  uploaded,
  downloaded,
  wasted,
});

describe("Ledger", () => {
  test("counts with each peer and in all", () => {
    const ledger = new Ledger();
    ledger.onUploaded(ann, 10);
    ledger.onUploaded(bob, 5);
    ledger.onDownloaded(ann, 3);
    ledger.onWasted(bob, 2);
    expect(ledger.of(ann)).toEqual(totals(10, 3, 0));
    expect(ledger.of(bob)).toEqual(totals(5, 0, 2));
    expect(ledger.total).toEqual(totals(15, 3, 2));
    expect(ledger.of(id(3))).toEqual(NO_TOTALS);
  });

  test("a byte is downloaded or wasted, never both", () => {
    const ledger = new Ledger();
    ledger.onDownloaded(ann, 100);
    ledger.onSpoiled(ann, 40);
    expect(ledger.of(ann)).toEqual(totals(0, 60, 40));
    expect(ledger.total).toEqual(totals(0, 60, 40));
  });

  test("goes on from its record, which is plain data", () => {
    const before = new Ledger();
    before.onUploaded(ann, 7);
    before.onDownloaded(bob, 9);
    const after = new Ledger(JSON.parse(JSON.stringify(before.toRecord())));
    after.onUploaded(ann, 1);
    expect(after.of(ann)).toEqual(totals(8, 0, 0));
    expect(after.total).toEqual(totals(8, 9, 0));
    expect(before.total).toEqual(totals(7, 9, 0));
  });

  test("of too many peers it forgets the one that moved least, and keeps the total", () => {
    const ledger = new Ledger();
    for (let number = 0; number < LEDGER_PEERS; number++)
      ledger.onUploaded(id(number), number === 5 ? 1 : 100);
    ledger.onDownloaded(id(LEDGER_PEERS), 1);
    expect(ledger.toRecord().peers).toHaveLength(LEDGER_PEERS);
    expect(ledger.of(id(5))).toEqual(NO_TOTALS);
    expect(ledger.of(id(0))).toEqual(totals(100, 0, 0));
    expect(ledger.total).toEqual(totals((LEDGER_PEERS - 1) * 100 + 1, 1, 0));
  });
});

test("totals of several shares add up to those of a life", () => {
  expect(mergeTotals(totals(1, 2, 3), totals(10, 20, 30), NO_TOTALS)).toEqual(totals(11, 22, 33));
  expect(mergeTotals()).toEqual(NO_TOTALS);
});

test("a receiver's ratio is uploaded ÷ downloaded, and 0 before the first byte", () => {
  expect(receiverRatio(totals(50, 100, 7))).toBe(0.5);
  expect(receiverRatio(NO_TOTALS)).toBe(0);
});

test("a sender's ratio is uploaded ÷ size, and 0 for an empty share", () => {
  expect(senderRatio(totals(250, 0, 0), 100)).toBe(2.5);
  expect(senderRatio(NO_TOTALS, 0)).toBe(0);
});

test("a stranger counts as even, a giver as more, a taker as less", () => {
  expect(reciprocity(NO_TOTALS)).toBe(1);
  expect(reciprocity(totals(0, BLOCK_BYTES, 0))).toBe(2);
  expect(reciprocity(totals(BLOCK_BYTES, 0, 0))).toBe(0.5);
});
