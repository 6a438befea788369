/** Every screen in every state as data. Nothing here is random or depends on the time. */
import type { ReactNode } from "react";
import {
  fileSnapshot,
  givenPieces,
  peerSnapshot,
  pieceMapOf,
  scatteredPieces,
  sessionSnapshot,
  shareSnapshot,
} from "../../store/fixtures.ts";
import type {
  FileSnapshot,
  LinkProblem,
  PeerSnapshot,
  PieceMap,
  Problem,
  SessionSnapshot,
  ShareId,
  ShareSnapshot,
  StorageReport,
} from "../../store/session.ts";
import { Components } from "./components.tsx";

export interface Scene {
  /** One a second; the last one is what is seen. */
  readonly snapshots: readonly SessionSnapshot[];
  readonly files: readonly FileSnapshot[];
  readonly shown?: ShareId;
  readonly linkProblem?: LinkProblem;
  readonly inSettings?: boolean;
  /** Test ids of what is pressed once it is drawn, one after the other. */
  readonly presses?: readonly string[];
  /** In place of the screens. */
  readonly content?: ReactNode;
  readonly storage?: StorageReport;
}

const MB = 1_000_000;
const GB = 1_000 * MB;

const holidayFiles = [
  fileSnapshot("Arrival in Reine.mp4", 1_240 * MB),
  fileSnapshot("Photos/Midnight sun.jpg", 24 * MB),
  fileSnapshot("Packing list.pdf", 1.3 * MB),
];
const holidaySize = 1_265.3 * MB;
const holiday = {
  name: "Lofoten 2025",
  size: holidaySize,
  wantedSize: holidaySize,
  fileCount: 3,
  pieceCount: 1_208,
  pieceLength: 1_048_576,
} satisfies Partial<ShareSnapshot>;

const names = [
  "a3f1c0de",
  "5be20a77",
  "0c94d1e8",
  "e77b3a15",
  "91d2f4c6",
  "7a0b1c2d",
  "c4e8f012",
  "28bd9e63",
  "f05a6b7c",
  "d1e2f3a4",
  "6f7e8d9c",
  "3b4c5d6e",
  "b8a79685",
  "4d3c2b1a",
];
const clients = [
  "Shoal 0.1 (Firefox on Android)",
  "Shoal 0.1 (Chrome on Windows)",
  "WebTorrent 3.0.21",
  "Shoal 0.1",
];

function peer(index: number, facts: Partial<PeerSnapshot>): PeerSnapshot {
  const id = (names[index] ?? "00000000").repeat(5);
  return peerSnapshot({ id, client: clients[index % clients.length] ?? "", ...facts });
}

const downloaders = [
  peer(0, { have: 0.74 * holidaySize, uploaded: 620 * MB, uploadRate: 4.1 * MB, helping: true }),
  peer(1, { have: 0.41 * holidaySize, uploaded: 280 * MB, uploadRate: 1.6 * MB, helping: true }),
  peer(2, {
    have: 0.12 * holidaySize,
    uploaded: 110 * MB,
    uploadRate: 0.4 * MB,
    relayed: true,
    route: "relayed",
  }),
];

const sourcePeers = [
  peer(3, { have: holidaySize, downloaded: 410 * MB, downloadRate: 2.6 * MB, peerInterested: false }),
  peer(4, {
    have: 0.58 * holidaySize,
    downloaded: 220 * MB,
    downloadRate: 1.1 * MB,
    uploaded: 140 * MB,
    uploadRate: 0.7 * MB,
    helping: true,
  }),
  peer(5, {
    have: 0.33 * holidaySize,
    downloaded: 90 * MB,
    downloadRate: 0.4 * MB,
    uploaded: 160 * MB,
    uploadRate: 1.2 * MB,
    relayed: true,
    route: "relayed",
    helping: true,
    peerChoking: true,
  }),
];

const sharing = shareSnapshot({
  ...holiday,
  id: "sharing",
  role: "sender",
  state: "seeding",
  have: holidaySize,
  pieceMap: givenPieces(holiday.pieceCount, 0.81),
  storage: "files",
  uploaded: 1_010 * MB,
  ratio: 0.8,
  uploadRate: 6.1 * MB,
  peers: downloaders,
  addedAt: 5,
});

/** As if the three had sent it in turns, and nobody here had the last pieces. */
function fromSources(map: PieceMap): PieceMap {
  const sources = map.cells.map((cell, piece) =>
    cell === 2 ? 1 + ((piece * 7) % 11 < 6 ? 0 : piece % 2 ? 1 : 2) : 0,
  );
  const copies = map.copies.map((count, piece) => (piece > 1_150 ? 0 : count));
  return { ...map, sources, copies, senders: sourcePeers.map((source) => source.id) };
}

const receiving = shareSnapshot({
  ...holiday,
  id: "receiving",
  have: 0.574 * holidaySize,
  pieceMap: fromSources(scatteredPieces(holiday.pieceCount, 0.57, 22)),
  downloaded: 720 * MB,
  uploaded: 300 * MB,
  wasted: 0.4 * MB,
  ratio: 0.4,
  downloadRate: 4.1 * MB,
  uploadRate: 1.9 * MB,
  etaSeconds: 133,
  copies: 1,
  parts: 2,
  peers: sourcePeers,
  dropped: [
    { peer: "ba5eba11".repeat(5), reason: "silent" },
    { peer: "deadfa11".repeat(5), reason: "data-corrupt" },
  ],
  addedAt: 4,
});

const offered = shareSnapshot({
  ...receiving,
  id: "offered",
  state: "waiting",
  accepted: false,
  have: 0,
  downloaded: 0,
  uploaded: 0,
  ratio: 0,
  wasted: 0,
  downloadRate: 0,
  uploadRate: 0,
  etaSeconds: undefined,
  pieceMap: scatteredPieces(holiday.pieceCount, 0),
  peers: sourcePeers.map((source) => ({
    ...source,
    downloadRate: 0,
    uploadRate: 0,
    downloaded: 0,
    uploaded: 0,
  })),
});

const done = shareSnapshot({
  ...receiving,
  id: "done",
  state: "done",
  have: holidaySize,
  pieceMap: scatteredPieces(holiday.pieceCount, 1),
  downloaded: holidaySize,
  uploaded: 1_012 * MB,
  ratio: 0.8,
  downloadRate: 0,
  uploadRate: 2.4 * MB,
  etaSeconds: undefined,
  peers: downloaders.slice(0, 2),
  addedAt: 3,
});

const finding = shareSnapshot({
  id: "finding",
  state: "connecting",
  accepted: false,
  name: "",
  size: undefined,
  wantedSize: 0,
  pieceCount: 0,
  pieceMap: pieceMapOf(0, new Uint8Array(0)),
  fileCount: 0,
  available: false,
});

const hashing = shareSnapshot({
  ...sharing,
  id: "hashing",
  state: "hashing",
  hashed: 0.42,
  link: "",
  infohashV2: "",
  pieceMap: pieceMapOf(0, new Uint8Array(0)),
  have: 0,
  uploaded: 0,
  ratio: 0,
  uploadRate: 0,
  peers: [],
});

const stopped = shareSnapshot({
  ...sharing,
  id: "stopped",
  state: "stopped",
  peers: [],
  uploadRate: 0,
  addedAt: 1,
});

const problems = {
  "nobody-here": { code: "nobody-here" },
  "source-gone": { code: "source-gone", lastSeenAt: Date.UTC(2026, 6, 1, 12, 4), isAlone: true },
  "source-gone-others": { code: "source-gone", lastSeenAt: Date.UTC(2026, 6, 1, 12, 4), isAlone: false },
  "no-route": { code: "no-route", cause: "both-refuse" },
  "no-route-ours": { code: "no-route", cause: "ours-closed" },
  "no-route-theirs": { code: "no-route", cause: "theirs-closed" },
  "no-route-relay": { code: "no-route", cause: "relay-in-vain" },
  "no-route-relay-silent": { code: "no-route", cause: "relay-silent" },
  "no-route-hidden": { code: "no-route", cause: "hidden-without-relay" },
  "no-route-no-help": { code: "no-route", cause: "no-help" },
  "tracker-unreachable": { code: "tracker-unreachable" },
  "password-needed": { code: "password-needed" },
  "wrong-password": { code: "wrong-password" },
  "storage-refused": { code: "storage-refused" },
  "storage-full": { code: "storage-full" },
  "file-changed": { code: "file-changed", name: "Arrival in Reine.mp4" },
  "storage-lost": { code: "storage-lost" },
  "files-needed": { code: "files-needed", canReopen: false },
  "files-needed-handles": { code: "files-needed", canReopen: true },
  "read-refused": { code: "read-refused" },
  "too-large-for-memory": { code: "too-large-for-memory", limit: 512 * MB },
  "open-elsewhere": { code: "open-elsewhere" },
  "nothing-to-share": { code: "nothing-to-share" },
  "torrent-contradictory": { code: "torrent-contradictory" },
  internal: { code: "internal" },
} satisfies Record<string, Problem>;

function withProblem(name: string, problem: Problem): Scene {
  switch (problem.code) {
    case "no-route": {
      const { snapshots, ...scene } = page({ ...finding, problem }, []);
      const relayOnly = problem.cause === "hidden-without-relay";
      const hiding = snapshots.map((each) => ({ ...each, settings: { ...each.settings, relayOnly } }));
      return { ...scene, snapshots: hiding };
    }
    case "nobody-here":
    case "tracker-unreachable":
    case "password-needed":
    case "wrong-password":
      return page({ ...finding, problem }, [], problem.code === "tracker-unreachable" ? "offline" : "online");
    case "source-gone":
      return page({
        ...receiving,
        state: "waiting",
        problem,
        available: false,
        peers: [],
        etaSeconds: undefined,
      });
    case "files-needed":
    case "read-refused":
      return page({
        ...sharing,
        id: name,
        state: "paused",
        restored: true,
        problem,
        peers: [],
        uploadRate: 0,
      });
    case "file-changed":
    case "nothing-to-share":
      return page({ ...sharing, id: name, state: "failed", problem, peers: [], uploadRate: 0 });
    default:
      return page({
        ...receiving,
        id: name,
        state: "failed",
        problem,
        peers: [],
        downloadRate: 0,
        uploadRate: 0,
      });
  }
}

/** The last minutes of a share, its rates going up and down by a wave, ending as given. */
function page(
  share: ShareSnapshot,
  files: readonly FileSnapshot[] = holidayFiles,
  tracker: SessionSnapshot["tracker"] = "online",
): Scene {
  const seconds = 170;
  const snapshots = Array.from({ length: seconds }, (_, second) => {
    const left = seconds - 1 - second;
    const wave = (speed: number) => 1 + 0.25 * Math.sin(left / speed) + 0.08 * Math.sin(left / 2.3);
    return sessionSnapshot(
      [
        {
          ...share,
          uploadRate: share.uploadRate * wave(17),
          downloadRate: share.downloadRate * wave(11),
          peers: share.peers.map((someone) => ({
            ...someone,
            have: Math.min(share.size ?? 0, Math.max(0, someone.have - 1.3 * someone.uploadRate * left)),
          })),
        },
      ],
      { tracker },
    );
  });
  return {
    snapshots,
    shown: share.id,
    files: files.map((file) => ({ ...file, have: file.size * fileShare(share) })),
  };
}

function fileShare(share: ShareSnapshot): number {
  return share.size ? share.have / share.size : 0;
}

const crowd = Array.from({ length: 14 }, (_, i) =>
  peer(i, {
    have: holidaySize * (((i * 37) % 100) / 100),
    uploadRate: i % 3 === 0 ? (i + 1) * 0.2 * MB : 0,
    downloadRate: i % 4 === 1 ? (i + 1) * 0.3 * MB : 0,
    helping: i % 2 === 0,
  }),
);

const list = [
  { ...hashing, name: "Interview, raw.mov", fileCount: 1, addedAt: 6 },
  sharing,
  { ...receiving, name: "ubuntu-24.04.3-desktop-amd64.iso", fileCount: 1 },
  { ...done, name: "Wedding photos" },
  {
    ...stopped,
    name: "Board minutes, final version (2) – signed by everyone who was there.pdf",
    fileCount: 1,
  },
];

const restored = [
  {
    ...sharing,
    id: "r1",
    state: "paused",
    restored: true,
    problem: { code: "files-needed", canReopen: true },
    peers: [],
    uploadRate: 0,
  },
  {
    ...sharing,
    id: "r2",
    name: "Interview, raw.mov",
    fileCount: 1,
    state: "paused",
    restored: true,
    problem: { code: "files-needed", canReopen: false },
    peers: [],
    uploadRate: 0,
  },
  { ...receiving, id: "r3", name: "Wedding photos", state: "paused", restored: true, peers: [] },
  { ...stopped, id: "r4", name: "Board minutes.pdf", restored: true, fileCount: 1 },
] satisfies readonly ShareSnapshot[];

const storage: StorageReport = {
  usage: 3.1 * GB,
  quota: 24 * GB,
  persisted: true,
  shares: [
    { id: "receiving", name: "Lofoten 2025", bytes: 0.726 * GB },
    { id: "done", name: "Wedding photos", bytes: 2.3 * GB },
  ],
};

const manyFiles = Array.from({ length: 10_000 }, (_, i) =>
  fileSnapshot(`Frames/${`${i}`.padStart(5, "0")}.jpg`, 126_530),
);

const largeCrowd = Array.from({ length: 60 }, (_, i) =>
  peerSnapshot({
    id: `${(i * 7919) % 9973}`.padStart(8, "c").repeat(5),
    client: clients[i % clients.length] ?? "",
    have: holidaySize * (((i * 37) % 100) / 100),
    uploadRate: i % 3 === 0 ? (i + 1) * 0.02 * MB : 0,
    downloadRate: i % 4 === 1 ? (i + 1) * 0.03 * MB : 0,
    helping: i % 2 === 0,
  }),
);

export const scenes: Readonly<Record<string, Scene>> = {
  components: { snapshots: [sessionSnapshot([])], files: [], content: <Components /> },
  home: { snapshots: [sessionSnapshot([])], files: [] },
  "home-shares": {
    snapshots: [sessionSnapshot(list, { lifetime: { uploaded: 3.4 * GB, downloaded: 1.2 * GB, wasted: 0 } })],
    files: [],
  },
  "home-limits": { snapshots: [sessionSnapshot([])], files: [], presses: ["options"] },
  "home-public": { snapshots: [sessionSnapshot([])], files: [], presses: ["public-toggle"] },
  "home-link-problem": { snapshots: [sessionSnapshot([])], files: [], linkProblem: "cut-off" },
  "home-outdated": { snapshots: [sessionSnapshot([], { outdated: true })], files: [] },
  "home-offline": { snapshots: [sessionSnapshot([], { tracker: "offline" })], files: [] },
  "coming-back": { snapshots: [sessionSnapshot(restored)], files: [] },
  settings: {
    snapshots: [
      sessionSnapshot(list, { lifetime: { uploaded: 3.4 * GB, downloaded: 1.2 * GB, wasted: 4 * MB } }),
    ],
    files: [],
    inSettings: true,
    storage,
  },
  "settings-nothing-kept": {
    snapshots: [
      sessionSnapshot([], {
        settings: {
          uploadBytesPerSecond: 2 * MB,
          downloadBytesPerSecond: 10 * MB,
          uploadSlots: 8,
          connections: 20,
          relayOnly: true,
        },
      }),
    ],
    files: [],
    inSettings: true,
  },
  opening: { snapshots: [sessionSnapshot([])], files: [], shown: "soon" },
  "sharing-hashing": page(hashing),
  "sharing-waiting": page({
    ...sharing,
    peers: [],
    uploaded: 0,
    ratio: 0,
    uploadRate: 0,
    pieceMap: givenPieces(holiday.pieceCount, 0),
  }),
  sharing: page(sharing),
  "sharing-may-close": page({
    ...sharing,
    availableWithoutUs: true,
    pieceMap: givenPieces(holiday.pieceCount, 1),
  }),
  "sharing-crowd": page({ ...sharing, peers: crowd, public: true, infohashV1: "5d1c2b3a".repeat(5) }),
  "sharing-large-crowd": page({
    ...sharing,
    peers: largeCrowd,
    pieceCount: 20_000,
    pieceMap: givenPieces(20_000, 0.92),
  }),
  "sharing-password": page({ ...sharing, link: `${sharing.link}.p`, limits: { stopAtRatio: 2 } }),
  "sharing-options": { ...page({ ...sharing, limits: { stopAtRatio: 2 } }), presses: ["options"] },
  "sharing-qr": { ...page(sharing), presses: ["qr"] },
  "sharing-more": { ...page(sharing), presses: ["more"] },
  "sharing-undo": { ...page(sharing), presses: ["stop"] },
  "sharing-stopped": page(stopped),
  "sharing-stopped-at-ratio": page({ ...stopped, stoppedBy: "ratio" }),
  "sharing-stopped-when-idle": page({ ...stopped, stoppedBy: "idle" }),
  "receiving-finding": page(finding, []),
  "receiving-before": page(offered),
  "receiving-continue": page({
    ...offered,
    have: 0.63 * holidaySize,
    pieceMap: scatteredPieces(1_208, 0.63),
  }),
  receiving: page(receiving),
  "receiving-many-files": page({ ...offered, name: "Time lapse", fileCount: manyFiles.length }, manyFiles),
  "receiving-many-pieces": page({
    ...receiving,
    peers: largeCrowd,
    pieceCount: 20_000,
    pieceMap: scatteredPieces(20_000, 0.57, 60),
  }),
  "receiving-details": { ...page(receiving), presses: ["details"] },
  "receiving-paused": page({
    ...receiving,
    state: "paused",
    downloadRate: 0,
    uploadRate: 0,
    etaSeconds: undefined,
    peers: offered.peers,
  }),
  "receiving-done": page(done),
  "receiving-one-file": page(
    {
      ...done,
      name: "Arrival in Reine.mp4",
      fileCount: 1,
      size: 3.2 * MB,
      wantedSize: 3.2 * MB,
      have: 3.2 * MB,
      pieceCount: 13,
      pieceLength: 262_144,
      pieceMap: scatteredPieces(13, 1),
      availableWithoutUs: true,
      peers: [],
    },
    [fileSnapshot("Arrival in Reine.mp4", 3.2 * MB)],
  ),
  ...Object.fromEntries(
    Object.entries(problems).map(([name, problem]) => [`problem-${name}`, withProblem(name, problem)]),
  ),
};
