/** Parcels as text, for directories that carry text. */
import * as v from "valibot";
import type { Parcel } from "./directory.ts";

const hex20 = v.pipe(v.string(), v.regex(/^[0-9a-f]{40}$/));
const address = { room: hex20, peer: hex20 };

const parcelSchema = v.variant("kind", [
  v.object({
    kind: v.literal("signal"),
    signal: v.object({
      ...address,
      kind: v.picklist(["offer", "answer", "candidates"]),
      to: hex20,
      offerId: hex20,
      text: v.string(),
    }),
    extended: v.boolean(),
  }),
  v.object({ kind: v.literal("claim"), ...address, claimant: v.string() }),
  v.object({ kind: v.literal("claim-ended"), ...address, isFree: v.boolean() }),
]);

/** The parcel that `JSON.stringify` made `text` of, or undefined for anything else. */
export function parseParcel(text: string): Parcel | undefined {
  try {
    const parsed = v.safeParse(parcelSchema, JSON.parse(text));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
