/**
 * All that machines can send each other. A machine knows of another what letters say, nothing else: so it does not
 * matter whether both are simulated by the same thread.
 */
import type { LinkId } from "../engine/units.ts";

/** Numbers a machine from 1 on, in the order in which they come. */
export type MachineNumber = number;

export type Letter =
  /** Wire messages without a block, as many as were said at once. */
  | { readonly type: "messages"; readonly to: LinkId; readonly bytes: Uint8Array }
  /** A `piece` message, header and all. */
  | { readonly type: "block"; readonly to: LinkId; readonly message: Uint8Array }
  /** So much is on its way to the other end that its downlink is busy until then, ms. */
  | { readonly type: "backlog"; readonly to: LinkId; readonly until: number }
  | { readonly type: "closed"; readonly to: LinkId }
  /** Shall we link? `link` is what the sender calls the link. */
  | {
      readonly type: "offer";
      readonly to: MachineNumber;
      readonly from: MachineNumber;
      readonly link: LinkId;
      readonly downBytesPerSecond: number;
    }
  /** Yes: `link` is what the one who was asked calls it. */
  | {
      readonly type: "accepted";
      readonly to: LinkId;
      readonly link: LinkId;
      readonly downBytesPerSecond: number;
    }
  | { readonly type: "refused"; readonly to: LinkId }
  /** To whoever keeps the list of those who are here. */
  | { readonly type: "left"; readonly machine: MachineNumber };
