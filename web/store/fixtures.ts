/** Snapshots made up from a few facts, for tests and for the mock interface. Nothing here is random. */
import type { FileSnapshot, PeerSnapshot, PieceMap, SessionSnapshot, ShareSnapshot } from "./session.ts";

const MB = 1_000_000;

export function peerSnapshot(facts: Partial<PeerSnapshot> & { readonly id: string }): PeerSnapshot {
  return {
    client: "Shoal 0.1",
    uploaded: 0,
    downloaded: 0,
    wasted: 0,
    uploadRate: 0,
    downloadRate: 0,
    have: 0,
    amChoking: false,
    peerChoking: false,
    amInterested: false,
    peerInterested: true,
    relayed: false,
    route: "direct",
    helping: false,
    ...facts,
  };
}

export function shareSnapshot(facts: Partial<ShareSnapshot> = {}): ShareSnapshot {
  return {
    id: "share",
    role: "receiver",
    state: "downloading",
    name: "holiday.zip",
    size: 100 * MB,
    have: 0,
    wantedSize: 100 * MB,
    pieceCount: 400,
    pieceLength: 262_144,
    uploaded: 0,
    downloaded: 0,
    wasted: 0,
    ratio: 0,
    uploadRate: 0,
    downloadRate: 0,
    public: false,
    infohashV2: "8f3ac1d2".repeat(8),
    peers: [],
    link: "https://shoal.example/#jzrB0o86wdKPOsHSjzrB0o86wdKPOsHSjzrB0o86wdI",
    accepted: true,
    restored: false,
    hashed: 1,
    pieceMap: pieceMapOf(0, new Uint8Array(400)),
    etaSeconds: undefined,
    copies: 0,
    parts: 0,
    available: true,
    availableWithoutUs: false,
    storage: "opfs",
    capacity: undefined,
    problem: undefined,
    dropped: [],
    trackers: [{ url: "wss://shoal.example/announce", state: "online", peers: 1 }],
    webSeeds: [],
    filesVersion: 1,
    fileCount: 1,
    limits: {},
    addedAt: 0,
    ...facts,
  };
}

export function sessionSnapshot(
  shares: readonly ShareSnapshot[],
  facts: Partial<Omit<SessionSnapshot, "shares">> = {},
): SessionSnapshot {
  return {
    shares,
    lifetime: { uploaded: 0, downloaded: 0, wasted: 0 },
    settings: { uploadSlots: 4, connections: 40, relayOnly: false },
    tracker: "online",
    outdated: false,
    ...facts,
  };
}

export function fileSnapshot(path: string, size: number, have = 0): FileSnapshot {
  return { path: path.split("/"), size, have, wanted: true, hasBegun: have > 0 };
}

/** A map of `count` pieces of which about `fraction` are here, scattered as rarest first scatters them. */
export function scatteredPieces(count: number, fraction: number, asked = 0): PieceMap {
  const cells = new Uint8Array(count);
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => scatter(a) - scatter(b));
  const have = Math.round(count * fraction);
  for (const piece of order.slice(0, have)) cells[piece] = 2;
  for (const piece of order.slice(have, have + asked)) cells[piece] = 1;
  return pieceMapOf(have + 1, cells);
}

/** A map of `count` pieces that are all here, of which others have about `fraction`. */
export function givenPieces(count: number, fraction: number): PieceMap {
  const { cells, version } = scatteredPieces(count, fraction);
  const map = pieceMapOf(version, new Uint8Array(count).fill(2));
  return { ...map, copies: cells.map((cell) => (cell === 2 ? 1 : 0)) };
}

/** Mixes the bits of an index (murmur3's finish), so that neighbours end up far apart. */
function scatter(index: number): number {
  let bits = index + 1;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/** Everything that is missing is at two others here, and what is here came from nobody in particular. */
export function pieceMapOf(version: number, cells: Uint8Array): PieceMap {
  const copies = new Uint8Array(cells.length).fill(2);
  return { version, cells, copies, sources: new Uint8Array(cells.length), senders: [] };
}
