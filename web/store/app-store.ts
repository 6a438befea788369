/**
 * What the screens are drawn from: the session's snapshots go in, view models come out.
 *
 * Invariants
 *  1. Nothing here waits, sends or reads a clock: `take` is told the time.
 *  2. A share that did not change keeps its identity, and so does the list when none of its shares did.
 */
import { createStore, type StoreApi } from "zustand/vanilla";
import { type RateHistory, withSample } from "./rate-history.ts";
import type { OpenProblem, SessionSnapshot, Settings, ShareId, ShareLimits } from "./session.ts";
import { type Gains, type ShareView, shareView, withMarks } from "./share-view.ts";

export type Theme = "system" | "light" | "dark";

export type LanguageChoice = "system" | "en" | "de";

/** What was decided about the next share before it has files. */
export interface NextShare {
  readonly public: boolean;
  /** Empty for none; a public share has none. */
  readonly password: string;
  readonly limits: ShareLimits;
}

/** A short message at the lower edge, with at most one thing to do about it. */
export interface Message {
  readonly id: number;
  readonly words: string;
  /** `share`: it goes when that one goes. */
  readonly action: { readonly label: string; readonly share?: ShareId; run(): void } | undefined;
}

export interface AppState {
  /** Newest first. */
  readonly shares: readonly ShareView[];
  readonly histories: ReadonlyMap<ShareId, RateHistory>;
  readonly lifetime: SessionSnapshot["lifetime"];
  readonly tracker: SessionSnapshot["tracker"];
  readonly isOutdated: boolean;
  /** The share whose page is open; Home when undefined. */
  readonly shown: ShareId | undefined;
  /** What is wrong with the link or .torrent that was opened last. */
  readonly linkProblem: OpenProblem | undefined;
  /** .torrent files of which it has to be asked what is meant by them. */
  readonly askedTorrents: readonly File[];
  readonly theme: Theme;
  readonly language: LanguageChoice;
  /** The settings' page is open, over whatever is shown. */
  readonly inSettings: boolean;
  /** Undefined until the session has told them. */
  readonly settings: Settings | undefined;
  readonly nextShare: NextShare;
  /** Shares whose files the person has saved. */
  readonly saved: ReadonlySet<ShareId>;
  /** In the order in which they were said. */
  readonly messages: readonly Message[];
}

export interface AppStore extends Pick<StoreApi<AppState>, "getState" | "getInitialState" | "subscribe"> {
  /** @param at milliseconds on a clock that never goes back. */
  take(snapshot: SessionSnapshot, at: number): void;
  show(id: ShareId | undefined): void;
  reportLinkProblem(problem: OpenProblem | undefined): void;
  askAboutTorrents(files: readonly File[]): void;
  setTheme(theme: Theme): void;
  setLanguage(language: LanguageChoice): void;
  showSettings(): void;
  prepare(nextShare: Partial<NextShare>): void;
  /** The next share is an ordinary one again: what was decided for one must not leak into another. */
  prepareAnew(): void;
  noteSaved(id: ShareId): void;
  say(words: string, action?: Message["action"]): void;
}

/** Older ones have long been read. */
const MESSAGES_KEPT = 20;

const ordinaryShare: NextShare = { public: false, password: "", limits: {} };

export function createAppStore(): AppStore {
  const gains = new Map<ShareId, Gains>();
  const store = createStore<AppState>(() => ({
    shares: [],
    histories: new Map(),
    lifetime: { uploaded: 0, downloaded: 0, wasted: 0 },
    tracker: "connecting",
    isOutdated: false,
    shown: undefined,
    linkProblem: undefined,
    askedTorrents: [],
    theme: "system",
    language: "system",
    inSettings: false,
    settings: undefined,
    nextShare: ordinaryShare,
    saved: new Set(),
    messages: [],
  }));
  let messageCount = 0;

  return {
    getState: store.getState,
    getInitialState: store.getInitialState,
    subscribe: store.subscribe,
    take(snapshot, at) {
      const state = store.getState();
      const before = new Map(state.shares.map((share) => [share.id, share]));
      for (const id of gains.keys()) if (!snapshot.shares.some((share) => share.id === id)) gains.delete(id);

      const shares = snapshot.shares.map((share) => {
        const marked = withMarks(gains.get(share.id) ?? new Map(), share, at);
        gains.set(share.id, marked);
        return shareView(share, marked, before.get(share.id));
      });
      shares.sort((a, b) => b.addedAt - a.addedAt);

      const histories = new Map<ShareId, RateHistory>();
      for (const { id, uploadRate: up, downloadRate: down } of shares)
        histories.set(id, withSample(state.histories.get(id) ?? [], { at, up, down }));

      const isUnchanged =
        shares.length === state.shares.length && shares.every((share, i) => share === state.shares[i]);
      store.setState({
        shares: isUnchanged ? state.shares : shares,
        messages: stillTrue(state.messages, shares),
        histories,
        lifetime: snapshot.lifetime,
        settings: snapshot.settings,
        tracker: snapshot.tracker,
        isOutdated: snapshot.outdated,
      });
    },
    show: (shown) => store.setState({ shown, linkProblem: undefined, inSettings: false }),
    reportLinkProblem: (linkProblem) => store.setState({ linkProblem }),
    askAboutTorrents: (askedTorrents) => store.setState({ askedTorrents }),
    setTheme: (theme) => store.setState({ theme }),
    setLanguage: (language) => store.setState({ language }),
    showSettings: () => store.setState({ inSettings: true, linkProblem: undefined }),
    prepare: (decided) => store.setState(({ nextShare }) => ({ nextShare: { ...nextShare, ...decided } })),
    prepareAnew: () => store.setState({ nextShare: ordinaryShare }),
    noteSaved: (id) => store.setState(({ saved }) => ({ saved: new Set(saved).add(id) })),
    say: (words, action) =>
      store.setState(({ messages }) => ({
        messages: [...messages.slice(-MESSAGES_KEPT), { id: ++messageCount, words, action }],
      })),
  };
}

/** Without those that offer something about a share that is gone. */
function stillTrue(messages: readonly Message[], shares: readonly ShareView[]): readonly Message[] {
  const isTrue = ({ action }: Message) =>
    action?.share === undefined || shares.some(({ id }) => id === action.share);
  return messages.every(isTrue) ? messages : messages.filter(isTrue);
}
