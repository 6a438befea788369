/** The session's contract as the views see it; they import it from here alone. */
export type { ChosenFile, Commands, LinkProblem, OpenProblem } from "../session/commands.ts";
export type { Settings, ShareLimits } from "../session/settings.ts";
export type {
  FileSnapshot,
  NoRouteCause,
  PeerSnapshot,
  PieceMap,
  Problem,
  SessionSnapshot,
  ShareId,
  ShareSnapshot,
  StorageReport,
} from "../session/snapshot.ts";
