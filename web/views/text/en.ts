/**
 * Every word on the screens, in English. A translation is another object of the type `Text`.
 *
 * Sentences name a measured cause and what happens next. In plain view never: peer, torrent, chunk, ICE,
 * seed, leech, choke; under Details the field's own words are right.
 */
import { createFormat, type Format } from "../../store/format.ts";
import type { Nickname } from "../../store/nickname.ts";
import type { Loss } from "../../store/selectors.ts";
import type { NoRouteCause, OpenProblem, Problem } from "../../store/session.ts";
import type { Stage } from "../../store/share-view.ts";
import { adjectives, animals } from "./en-names.ts";

/** What is wrong, why, and what happens next or what to do. */
export interface Notice {
  readonly title: string;
  readonly body: string;
}

export type Text = ReturnType<typeof createText>;

export function createText(format: Format = createFormat("en")) {
  const { plural, size, percent } = format;
  const people = (count: number) => plural(count, { one: "# person", other: "# people" });
  const files = (count: number) => plural(count, { one: "# file", other: "# files" });

  return {
    format,
    locale: "en",
    appName: "Shoal",
    insecure:
      "Shoal needs a secure address. Open this page with https:// instead of http://, or on localhost.",
    home: {
      title: "Send files straight from this tab.",
      subtitle: "Nothing is uploaded to a server. Everyone who downloads helps pass it on.",
      goHome: "Shoal, to the start page",
      back: "All shares",
      skip: "Skip to the content",
      drop: "Drop files or a folder",
      tap: "Choose what to send",
      chooseFiles: "Choose files",
      chooseFolder: "Choose a folder",
      orPaste: "or paste",
      letGo: (count: number) =>
        count === 0
          ? "Let go to share"
          : plural(count, { one: "Let go to share # item", other: "Let go to share # items" }),
      nothingInDrop: "There are no files in what was dropped.",
      nothingShared: "What you shared did not arrive here. Choose it on this page instead.",
      unreadableDrop: "Something in there could not be read, so nothing was shared. Try it once more.",
      linkLabel: "Have a link? Paste it here",
      open: "Open",
      yourShares: "Your shares",
      lifetime: (given: number, received: number) => `${size(given)} given · ${size(received)} received`,
      unnamed: "Unnamed share",
    },
    options: {
      title: "Options",
      limits: "Limits",
      public: "Public",
      password: "Password (optional)",
      passwordSet: "Opens only with the password.",
      fixed: "This is part of the link and stays as it is. To change it, share the files once more.",
      speed: "Speed",
      stopping: "Stop sharing by itself",
      uploadLimit: "Upload limit",
      downloadLimit: "Download limit",
      noLimit: "no limit",
      rateUnit: "MB/s",
      stopAtRatio: "At a ratio of",
      stopAtRatioHint: "How many times its size you give to others.",
      times: "×",
      stopWhenIdle: "When nobody needs it for",
      minutes: "min",
      never: "never",
      privateHint: "Private: only people with the link can find it.",
      publicHint: "Public: other file-sharing programs can open it, and its link is no secret.",
    },
    theme: {
      label: "Colours",
      system: "As the system",
      light: "Light",
      dark: "Dark",
    },
    settings: {
      title: "Settings",
      back: "Back",
      network: "Network",
      uploadSlots: "People served at once",
      uploadSlotsHint: "For each share. More of them means less for each.",
      connections: "Connections",
      connectionsHint: "At most, for each share.",
      relayOnly: "Hide my network address",
      relayOnlyHint:
        "Everything goes through this site's relay. Slower, and where there is no relay you reach nobody.",
      storage: "Storage in this browser",
      used: "Used",
      usedOf: (usage: number, quota: number) => `${size(usage)} of ${size(quota)}`,
      persisted: "The browser keeps this until you remove it.",
      notPersisted: "When the disk is nearly full, the browser may remove this by itself.",
      nothingKept: "Nothing is kept here.",
      free: (name: string) => `Remove ${name}`,
      appearance: "Appearance",
      language: "Language",
      asBrowser: "As the browser",
      lifetime: "All that you gave and received",
      given: "Given",
      received: "Received",
      noRatio: "–",
    },
    torrent: {
      title: (count: number): string =>
        count === 1
          ? "Open this torrent, or share the file itself?"
          : "Open these torrents, or share the files themselves?",
      open: (count: number) => plural(count, { one: "Open the torrent", other: "Open the torrents" }),
      share: (count: number) =>
        plural(count, { one: "Share the file itself", other: "Share the files themselves" }),
      save: "Save a .torrent file",
      copyMagnet: "Copy a magnet link",
      forOthers: "For other BitTorrent programs. Whoever has it can join.",
      magnetLinks: "Magnet links",
      magnets: "Open magnet links with this site",
      magnetsHint: "Your browser asks whether you want that.",
    },
    remove: {
      title: (name: string) => `Remove ${name}?`,
      body: (bytes: number) =>
        `${size(bytes)} that this browser keeps of it are deleted. Files that you saved stay where they are.`,
      keep: "Keep it",
      remove: "Remove",
    },
    back: {
      title: (sent: number, received: number): string => {
        const items = (count: number) => plural(count, { one: "# item", other: "# items" });
        if (received === 0) return `You were sharing ${items(sent)}.`;
        if (sent === 0) return `You were downloading ${items(received)}.`;
        return `You were sharing ${items(sent)} and downloading ${items(received)}.`;
      },
      goOnAll: (count: number) => plural(count, { one: "Go on with it", other: "Go on with all #" }),
      goOnWith: (goOn: string, name: string) => `${goOn}: ${name}`,
      oneClick: "The link stays the same.",
      refused: "Reading it was not allowed. Drop it here, or go on and allow it.",
      dropAgain: "Drop the same file or folder here to go on sharing at the same link.",
      chooseAgain: "Choose it again",
      cameTo: (fraction: number, of: number) => `${percent(fraction)} of ${size(of)} is here.`,
      isHere: "Everything is here.",
    },
    password: {
      title: "This link needs a password",
      label: "Password",
      hint: "Whoever sent you the link knows it. It never leaves this tab.",
      open: "Open",
      wrong: "Wrong password. Check capital letters, and try again.",
    },
    notifications: {
      ask: "Tell me when it's done",
      on: "You'll be told when it's done",
      done: (name: string) => `${name} is here.`,
    },
    /** Said to someone who was about to close the tab and stayed. */
    leaving: (loss: Loss): string =>
      loss.kind === "their-source"
        ? plural(loss.people, {
            one: `# person still needs ${loss.name}. If you close this tab, they wait until someone with a copy comes.`,
            other: `# people still need ${loss.name}. If you close this tab, they wait until someone with a copy comes.`,
          })
        : `${loss.name} is only in this tab's memory. If you close it, ${size(loss.bytes)} are lost: save it first.`,
    connection: {
      connecting: "Finding the introduction server",
      online: "Ready",
      offline: "Can't reach the introduction server, trying again",
    },
    reload: "Reload this page",
    outdated: {
      title: "This tab is older than what keeps your shares.",
      body: "A newer version of this app has them, and nothing of them is lost. Until this page is loaded again, nothing that you do here is remembered.",
    } satisfies Notice,
    /** The device itself has no network. */
    noNetwork: {
      title: "There is no network.",
      body: "What this browser keeps is here all the same. Everything else goes on by itself as soon as the network is back.",
    } satisfies Notice,
    /** The state of a share in a word or three. @param isAlone it is known that nobody is at the other end. */
    state: (stage: Stage, count: number, isAlone = false): string => {
      switch (stage) {
        case "fingerprinting":
          return "Fingerprinting";
        case "sharing":
          return count > 0 ? "Sharing" : "Waiting for someone";
        case "finding":
          return isAlone ? "Waiting for someone" : "Connecting";
        case "offered":
          return "Ready to download";
        case "downloading":
          return "Downloading";
        case "checking":
          return "Checking";
        case "paused":
          return "Paused";
        case "waiting":
          return "Waiting for a copy";
        case "done":
          return "Done";
        case "stopped":
          return "Stopped";
        case "failed":
          return "Needs you";
      }
    },
    share: {
      progress: "Progress",
      contents: (count: number, bytes: number) => `${files(count)} · ${size(bytes)}`,
      looseFiles: files,
      files: "Files",
      showAllFiles: (count: number) => plural(count, { one: "Show # file", other: "Show all # files" }),
      showAllPeople: (count: number) => plural(count, { one: "Show # person", other: "Show all # people" }),
      people: "People",
      here: (count: number) => plural(count, { one: "# person here", other: "# people here" }),
      ratio: (ratio: number) => `ratio ${format.ratio(ratio)}`,
      nothingGiven: "nothing given back yet",
      pause: "Pause",
      resume: "Go on",
      stop: "Stop sharing",
      stopDownload: "Stop",
      stopped: "Sharing has stopped.",
      stoppedDownload: "The download has stopped. What has arrived is kept.",
      showAddress: "Stop hiding my network address",
      strip: {
        given: (fraction: number) => `${percent(fraction)} of it is at others too`,
      },
      undo: "Undo",
      restart: "Go on sharing",
      restartDownload: "Go on downloading",
      forget: "Remove from the list",
      stoppedSender: {
        title: "You stopped sharing this.",
        body: "Nobody can get it from you until you go on. The link stays the same.",
      },
      stoppedAtRatio: {
        title: "This has been given as often as you wanted.",
        body: "That is why sharing stopped by itself. The limit is in the options; the link stays the same.",
      },
      stoppedWhenIdle: {
        title: "Nobody needed this for as long as you had set.",
        body: "That is why sharing stopped by itself. Go on whenever you like: the link stays the same.",
      },
      stoppedReceiver: {
        title: "You stopped this.",
        body: "What has arrived is kept until you remove it from the list.",
      },
      getting: "Getting ready…",
      more: "More about this share",
      dismiss: "Close",
      again: "Try again",
    },
    link: {
      title: "Your link",
      copy: "Copy link",
      copied: "Copied",
      copyFailed: "Copying was refused. Select the link and copy it by hand.",
      qr: "QR code",
      qrTitle: "Scan to open the link",
      share: "Share…",
      who: "Anyone with this link can download while someone with a copy is here.",
      whoWithPassword:
        "Anyone with this link and the password can download while someone with a copy is here. Tell them the password some other way.",
      soon: "Your link appears as soon as the fingerprint is ready. Nothing leaves this tab until someone opens it.",
    },
    sending: {
      nobodyYet: "Waiting for someone to open the link",
      nobodyYetHint: "They appear here as soon as they do.",
      keepOpen: "Keep this tab open until they have everything.",
      mayClose: "They already have a full copy among them. You can close this tab.",
      everyoneHas: (count: number) =>
        plural(count, {
          one: "# person has everything. You can close this tab, or stay for the next.",
          other: "All # people have everything. You can close this tab, or stay for the next.",
        }),
      youSent: (bytes: number) => `You sent ${size(bytes)}`,
      othersSent: (bytes: number) => `others sent ${size(bytes)} for you`,
    },
    receiving: {
      finding: "Looking for people who have it",
      findingHint: "Names and sizes appear here before anything is downloaded.",
      chooseAll: "All files",
      wantFile: (name: string) => `Download ${name}`,
      availability: (copies: number, parts: number, available: boolean): string => {
        const full =
          copies === 0 ? undefined : plural(copies, { one: "# complete copy", other: "# complete copies" });
        const some = parts === 0 ? undefined : plural(parts, { one: "# part", other: "# parts" });
        const here = [full, some].filter((part) => part !== undefined);
        if (here.length === 0) return "Nobody with a copy is here right now.";
        const verdict = available ? "everything is available" : "some of it is missing for now";
        return `${format.list(here)} online, ${verdict}.`;
      },
      storage: {
        opfs: "Kept by this browser while it arrives, then saved to your downloads.",
        "other-tab":
          "Another tab of this browser keeps it. Here it is only in memory, and taken over when that tab is closed.",
        memory: "Kept in memory while it arrives: keep this tab open, and save it when it is done.",
        files: "Read from your own files.",
        none: "",
      },
      room: (needed: number, free: number): string =>
        free >= needed
          ? `${size(free)} are free.`
          : `It needs ${size(needed)}, and only ${size(free)} are free.`,
      visible: "The people you connect to can see your network address.",
      download: "Download",
      notNow: "Not now",
      nothingChosen: "Choose at least one file",
      continueTitle: (name: string, fraction: number) => `Continue ${name} from ${percent(fraction)}?`,
      continue: "Continue",
      rateFrom: (rate: number, count: number) =>
        count === 0 ? "Asking for the next pieces" : `${format.rate(rate)} from ${people(count)}`,
      left: (seconds: number) => `about ${format.duration(seconds)} left`,
      arrived: (have: number, of: number) => `${size(have)} of ${size(of)}`,
      done: (count: number) =>
        count === 2
          ? "Both files are here and checked."
          : plural(count, {
              one: "Your file is here and checked.",
              other: "All # files are here and checked.",
            }),
      doneChosen: "Everything that you chose is here and checked.",
      save: "Save",
      saveAll: "Save all",
      helpOthers: "Help others get it",
      saveFile: (name: string) => `Save ${name}`,
      saveZip: "Save as zip",
      saving: (fraction: number) => (fraction > 0 ? `Saving, ${percent(fraction)}` : "Saving…"),
      saved: "Saved.",
      saveFailed: "Saving did not work out. Nothing is lost: everything is still here, so try again.",
      keepOpen: (count: number) =>
        count === 0
          ? "Keep this tab open to help others"
          : plural(count, {
              one: "Keep this tab open to help others (# person waiting)",
              other: "Keep this tab open to help others (# people waiting)",
            }),
      gaveBack: (ratio: number) => `You gave back ${format.ratio(ratio)}×.`,
    },
    playing: {
      play: "Play",
      preview: "Preview",
      open: (isPlay: boolean, name: string) => (isPlay ? `Play ${name}` : `Preview ${name}`),
      state: {
        waiting: "Getting the next part…",
        playing: "",
        unplayable:
          "This browser can't play this kind of file. Save it when it is here, and open it with another player.",
        broken: "The next part did not come. Try again from here; nothing that arrived is lost.",
      },
      /** Why the next part does not come for now. */
      held: {
        paused: "The download is paused. Go on with it to see the rest.",
        stopped: "This share was stopped. Go on with it to see the rest.",
        waiting: "Nobody who has the next part is here. It goes on by itself as soon as someone is.",
      },
      unreadable: "This file can't be read just now. Close it and open it again.",
      noPicture: "This browser can't show this picture. Save it, and open it with another program.",
      onlyBeginning: "This is only the beginning. Save the file to read all of it.",
    },
    person: {
      name: (nickname: Nickname) =>
        `${adjectives[nickname.adjective % adjectives.length]} ${animals[nickname.animal % animals.length]}`,
      you: "You",
      direct: "direct",
      relayed: "relayed",
      connecting: "connecting",
      helping: "is also helping others",
      hasAll: "has everything",
      has: (fraction: number) => `has ${percent(fraction)}`,
      sends: (rate: number) => `sends ${format.rate(rate)}`,
      gets: (rate: number) => `gets ${format.rate(rate)}`,
      left: (seconds: number) => `${format.duration(seconds)} left`,
      idle: "nothing just now",
    },
    shoal: {
      title: "The shoal",
      summary: (count: number, up: number, down: number) =>
        count === 0
          ? "You are here alone."
          : `You and ${people(count)}. You give ${format.rate(up)} and get ${format.rate(down)}.`,
    },
    details: {
      title: "Details",
      totals: "Totals",
      uploaded: "Uploaded",
      downloaded: "Downloaded",
      wasted: "Wasted",
      ratio: "Ratio",
      pieces: "Pieces",
      piecesOf: (have: number, count: number, length: number) =>
        `${format.count(have)} of ${format.count(count)}, ${format.powerOfTwo(length)} each`,
      pieceMap: "Piece map",
      pieceLegend: {
        missing: "missing",
        asked: "asked for",
        have: "verified",
        nowhere: "at nobody here",
        bySender: "in the colour of whoever sent it",
      },
      rarity: (nowhere: number, rarest: number | undefined): string => {
        const rare =
          rarest === undefined
            ? undefined
            : plural(rarest, { one: "the rarest is at # peer", other: "the rarest is at # peers" });
        const gone = nowhere === 0 ? undefined : `${format.count(nowhere)} at nobody here`;
        return [gone, rare].filter((part) => part !== undefined).join(", ");
      },
      pieceSummary: (have: number, asked: number, missing: number) =>
        `${format.count(have)} verified, ${format.count(asked)} asked for, ${format.count(missing)} missing`,
      rates: "Rates",
      lastMinutes: (minutes: number) => plural(minutes, { one: "last minute", other: "last # minutes" }),
      up: "up",
      down: "down",
      ratesNow: (up: number, down: number) => `Now ${format.rate(up)} up and ${format.rate(down)} down`,
      peers: "Peers",
      noPeers: "No peers are connected.",
      columns: {
        peer: "Peer",
        client: "Client",
        route: "Route",
        have: "Has",
        down: "Down",
        up: "Up",
        choking: "Choking",
        interested: "Interested",
        ratio: "Ratio",
      },
      unknownClient: "unknown",
      choking: (us: boolean, them: boolean) => bothWays(us, them, "nobody"),
      interested: (us: boolean, them: boolean) => bothWays(us, them, "nobody"),
      routes: { direct: "direct", relayed: "relayed", unknown: "finding out" },
      trackers: "Trackers",
      tracker: {
        columns: { url: "Tracker", state: "State", peers: "Others there", note: "Note" },
        states: {
          connecting: "connecting",
          online: "connected",
          offline: "cannot be reached",
          spare: "not needed now",
          unusable: "not used",
        },
        unusable: {
          "not-a-url": "This is not an address.",
          protocol: "A browser can only speak to trackers on wss:// addresses.",
          insecure: "This page came over a secure connection, and this tracker has none.",
          "private-network": "This address is inside a private network.",
        },
      },
      webSeeds: "Web seeds",
      webSeed: {
        columns: { url: "Server", state: "State", downloaded: "Brought", note: "Note" },
        states: {
          spare: "not needed now",
          used: "in use",
          waiting: "tried again later",
          dropped: "given up",
          unusable: "not used",
        },
        reasons: {
          "not-a-url": "This is not an address.",
          protocol: "A browser can only read from https:// addresses.",
          insecure: "This page came over a secure connection, and this server has none.",
          "private-network": "This address is inside a private network.",
          unreachable: "It does not answer, or does not let pages of other sites read from it.",
          busy: "It is busy.",
          silent: "It stopped answering.",
          "not-there": "It does not have the files.",
          "no-ranges": "It only gives whole files.",
          "led-astray": "It leads to an address that is not allowed.",
          "too-short": "Its file is shorter than it should be.",
          "wrong-data": "What it gave was not what the torrent says.",
        },
      },
      identifiers: "Identifiers",
      infohashV2: "Infohash (v2)",
      infohashV1: "Infohash (v1)",
      magnet: "Link",
      copy: (what: string) => `Copy ${what}`,
      copied: (what: string) => `${what}: copied`,
      trace: "Export trace",
      traceHint: "The engine's last steps as JSON lines, for replay.",
      connected: "Connected",
      dropped: "Dropped",
      droppedFor: (peer: string, reason: string) => `${peer}: ${reason.replaceAll("-", " ")}`,
    },
    title: {
      progress: (fraction: number, name: string) => `${percent(fraction)} · ${name} – Shoal`,
      share: (name: string) => `${name} – Shoal`,
      home: "Shoal – send files straight from this tab",
    },
    announce: {
      progress: (name: string, fraction: number) => `${name}: ${percent(fraction)}`,
      state: (name: string, state: string) => `${name}: ${state}`,
    },
    /** @param progress 0 … 1, how far the share had come. */
    problem: (problem: Problem, progress: number): Notice => {
      switch (problem.code) {
        case "nobody-here":
          return {
            title: "Nobody is at the other end of this link.",
            body: "Either the sender's tab is closed, or the link is not exactly as it was sent: a single changed character leads to an empty room. Compare it with the message it came in, or ask the sender to open their tab. This page goes on by itself as soon as someone is here.",
          };
        case "source-gone":
          if (!problem.isAlone)
            return {
              title: `Nobody here has the rest; it stopped at ${percent(progress)}.`,
              body: `It was last here at ${format.time(problem.lastSeenAt)}. Nothing is lost: it goes on by itself as soon as someone with a copy is back. If the sender's tab is still open, the file may have been changed or moved: ask them.`,
            };
          return {
            title: `The sender went offline at ${percent(progress)}.`,
            body: `Last seen at ${format.time(problem.lastSeenAt)}. Nothing is lost: it goes on by itself as soon as anyone with a copy is back.`,
          };
        case "no-route":
          return noRoute[problem.cause];
        case "tracker-unreachable":
          return {
            title: "The introduction server can't be reached.",
            body: "It only introduces people: transfers that already run go on. It is tried again every few seconds by itself. If other pages don't open either, your connection is down.",
          };
        case "password-needed":
          return {
            title: "This share has a password.",
            body: "Whoever sent you the link knows it. It never leaves this tab: it only opens what they seal.",
          };
        case "wrong-password":
          return {
            title: "Wrong password.",
            body: "Nobody here could be reached with it. Check it for capital letters and try again.",
          };
        case "storage-refused":
          return {
            title: "This browser refuses to keep files here.",
            body: "That is so in a private window, and when site data is blocked. Open the link in a normal window, or allow this site to store data, and it goes on from there.",
          };
        case "storage-full":
          return {
            title: `There is no room left; it stopped at ${percent(progress)}.`,
            body: "What has arrived is kept. Free some space on this device, or remove finished shares from your list, then try again: it goes on from where it is.",
          };
        case "file-changed":
          return {
            title: `“${problem.name}” was changed or moved since you shared it.`,
            body: "Nobody gets any more of it at this link, because its fingerprint no longer matches. Put it back as it was and choose it again: the link stays the same. Or share it as it is now: it gets a link of its own.",
          };
        case "storage-lost":
          return {
            title: "Some of what had arrived is gone.",
            body: "This browser, or someone who cleared its site data, deleted it. Everything else is kept, and what is missing is fetched again as soon as you go on.",
          };
        case "files-needed":
          return problem.canReopen
            ? {
                title: "You were sharing this.",
                body: "Go on with one click: the link stays the same.",
              }
            : {
                title: "You were sharing this.",
                body: "Drop the same file or folder to go on sharing at the same link. It is recognised by its fingerprint.",
              };
        case "read-refused":
          return {
            title: "This browser was not allowed to read what you shared.",
            body: "Choose the same file or folder again, or go on and allow it this time: the link stays the same.",
          };
        case "too-large-for-memory":
          return {
            title: "This is too large for this browser.",
            body: `It can only keep files in memory here, and no more than ${size(problem.limit)}. Open the link in a normal window of an up-to-date browser, where there is room on the disk, or choose fewer files.`,
          };
        case "open-elsewhere":
          return {
            title: "Another tab of this browser has this already.",
            body: "It is too large to be kept in memory here as well. Go on there, or close that tab: then it goes on here by itself.",
          };
        case "nothing-to-share":
          return {
            title: "There is nothing to share in there.",
            body: "The folder is empty, or everything in it is. Choose another one.",
          };
        case "invalid-torrent":
          return {
            title: "What is behind this link can't be opened.",
            body: "Its list of files is broken, so nobody could tell whether what arrives is right. Ask whoever sent the link for another one.",
          };
        case "torrent-contradictory":
          return {
            title: "What this link leads to contradicts itself.",
            body: "It describes the same files in two ways that do not match, so nobody can tell which bytes are right. Ask for a new link.",
          };
        case "internal":
          return {
            title: "Something went wrong on our side.",
            body: "This share has stopped, the others go on. Try again; if it happens once more, export the trace under Details and send it to whoever runs this site.",
          };
      }
    },
    linkProblem: (problem: OpenProblem): Notice => {
      switch (problem) {
        case "empty":
          return {
            title: "There is no link in there yet.",
            body: "Paste the whole link that you were sent.",
          };
        case "not-a-link":
          return {
            title: "This is not a link to a share.",
            body: "It should look like the address of this site with a # and a row of letters and digits behind it, or begin with “magnet:”. Copy it once more from the message.",
          };
        case "cut-off":
          return {
            title: "This link is cut off.",
            body: "Its end is missing. Copy the whole of it, up to the last character, or ask for it again.",
          };
        case "damaged":
          return {
            title: "This link is damaged.",
            body: "It holds characters that no link has, as happens when it was broken over two lines. Copy it once more from the message, or ask for it again.",
          };
        case "unsupported":
          return {
            title: "This kind of link can't be opened in a browser.",
            body: "It names no place where tabs could meet. Ask the sender for a Shoal link, or open it in a BitTorrent program.",
          };
        default:
          return torrentProblems[problem];
      }
    },
  };
}

/** Who does something: we, they, both or nobody. */
function bothWays(us: boolean, them: boolean, nobody: string): string {
  if (us && them) return "both";
  if (us) return "we";
  return them ? "they" : nobody;
}

const noRoute: Readonly<Record<NoRouteCause, Notice>> = {
  "hidden-without-relay": {
    title: "You hide your network address, and this site has nothing to hide it behind.",
    body: "Someone is there. Without a relay on this site, the two of you can only meet if they may see your network address.",
  },
  "relay-silent": {
    title: "This site's relay does not answer from your network.",
    body: "Someone is there, but nothing direct came about, and the relay that would go around that stays silent. It is tried again by itself; another network, such as a phone's, often helps at once.",
  },
  "relay-in-vain": {
    title: "No way through to the other side yet.",
    body: "Someone is there, but neither a direct nor a relayed connection came about. It is tried again by itself; another network, such as a phone's, often helps at once.",
  },
  "no-help": {
    title: "You and the other side are in different networks.",
    body: "Someone is there, but this site has nothing that finds a way from one network into another. It works as soon as you are both in the same one, such as the same Wi-Fi.",
  },
  "ours-closed": {
    title: "Your network refuses direct connections.",
    body: "Someone is there, but your network lets nothing in, and this site has no relay to go around that. It works as soon as you use another network, such as your phone's.",
  },
  "theirs-closed": {
    title: "The other side's network refuses direct connections.",
    body: "Someone is there, but their network lets nothing in, or they hide their network address, and this site has no relay to go around that. Ask them to use another network, such as their phone's.",
  },
  "both-refuse": {
    title: "Both networks refuse direct connections.",
    body: "Someone is there, but this site has no relay to go around that. It is tried again by itself; it works as soon as one of you uses another network, such as a phone's.",
  },
};

type TorrentProblem = Extract<OpenProblem, `torrent-${string}`>;

const torrentProblems: Readonly<Record<TorrentProblem, Notice>> = {
  "torrent-unreadable": {
    title: "This file could not be read.",
    body: "It may have been moved or deleted since it was chosen. Choose it once more.",
  },
  "torrent-not-a-torrent": {
    title: "This is not a torrent.",
    body: "It is damaged, or only called one. Download it once more from where you found it.",
  },
  "torrent-too-large": {
    title: "This torrent file is too large.",
    body: "It has more than 96 MB, which no real one needs. It was not opened.",
  },
  "torrent-too-deep": {
    title: "This torrent is nested too deeply.",
    body: "Its folders lie in one another more than a hundred deep. It was not opened.",
  },
  "torrent-too-many": {
    title: "There is too much in this torrent.",
    body: "It lists more files or pieces than a browser can hold. It was not opened.",
  },
  "torrent-empty": {
    title: "There is nothing in this torrent.",
    body: "It has no files, or all of them are empty.",
  },
  "torrent-names": {
    title: "The file names in this torrent make no sense.",
    body: "One is missing, or two files have the same name in the same folder. It was not opened.",
  },
  "torrent-sizes": {
    title: "The sizes in this torrent make no sense.",
    body: "One of them is missing or impossible. It was not opened.",
  },
  "torrent-contradiction": {
    title: "This torrent contradicts itself.",
    body: "What it says about its files does not fit together, so nobody could check them. Get it once more from where you found it.",
  },
  "torrent-version": {
    title: "This torrent is of a kind that we don't know.",
    body: "It was made for a version of BitTorrent that can't be opened here.",
  },
};
