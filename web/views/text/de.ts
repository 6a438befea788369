/** Every word on the screens, in German; the same keys and the same rules as in English (en.ts). */
import { createFormat } from "../../store/format.ts";
import type { NoRouteCause, OpenProblem } from "../../store/session.ts";
import { beginnings, fish } from "./de-names.ts";
import type { Notice, Text } from "./en.ts";

export function createGermanText(): Text {
  const format = createFormat("de");
  const { plural, size, percent } = format;
  const people = (count: number) => plural(count, { one: "# Person", other: "# Personen" });
  const files = (count: number) => plural(count, { one: "# Datei", other: "# Dateien" });

  return {
    format,
    locale: "de",
    appName: "Shoal",
    insecure:
      "Shoal braucht eine sichere Adresse. Öffne diese Seite mit https:// statt http:// oder auf localhost.",
    home: {
      title: "Dateien direkt aus diesem Tab senden.",
      subtitle: "Nichts wird auf einen Server geladen. Wer herunterlädt, hilft beim Weitergeben.",
      goHome: "Shoal, zur Startseite",
      back: "Alle Freigaben",
      skip: "Zum Inhalt springen",
      drop: "Dateien oder einen Ordner ablegen",
      tap: "Auswählen, was du senden willst",
      chooseFiles: "Dateien auswählen",
      chooseFolder: "Ordner auswählen",
      orPaste: "oder einfügen",
      letGo: (count) =>
        count === 0
          ? "Loslassen zum Teilen"
          : plural(count, {
              one: "Loslassen, um # Element zu teilen",
              other: "Loslassen, um # Elemente zu teilen",
            }),
      nothingInDrop: "Darin sind keine Dateien.",
      nothingShared:
        "Was du geteilt hast, ist hier nicht angekommen. Wähl es stattdessen auf dieser Seite aus.",
      unreadableDrop:
        "Etwas davon ließ sich nicht lesen, deshalb wurde nichts geteilt. Versuch es noch einmal.",
      linkLabel: "Hast du einen Link? Füg ihn hier ein",
      open: "Öffnen",
      yourShares: "Deine Freigaben",
      lifetime: (given, received) => `${size(given)} gegeben · ${size(received)} bekommen`,
      unnamed: "Freigabe ohne Namen",
    },
    options: {
      title: "Optionen",
      limits: "Grenzen",
      public: "Öffentlich",
      password: "Passwort (freiwillig)",
      passwordSet: "Öffnet sich nur mit dem Passwort.",
      fixed: "Das ist Teil des Links und bleibt so. Um es zu ändern, teile die Dateien noch einmal.",
      speed: "Tempo",
      stopping: "Von selbst aufhören",
      uploadLimit: "Senden höchstens mit",
      downloadLimit: "Empfangen höchstens mit",
      noLimit: "frei",
      rateUnit: "MB/s",
      stopAtRatio: "Bei einem Verhältnis von",
      stopAtRatioHint: "Wie oft du die ganze Größe an andere gibst.",
      times: "×",
      stopWhenIdle: "Wenn es niemand braucht, nach",
      minutes: "min",
      never: "nie",
      privateHint: "Privat: nur wer den Link hat, kann es finden.",
      publicHint: "Öffentlich: auch andere Tauschprogramme öffnen es, und der Link ist kein Geheimnis.",
    },
    theme: {
      label: "Farben",
      system: "Wie das System",
      light: "Hell",
      dark: "Dunkel",
    },
    settings: {
      title: "Einstellungen",
      back: "Zurück",
      network: "Netz",
      uploadSlots: "Personen zugleich bedienen",
      uploadSlotsHint: "Für jede Freigabe. Je mehr es sind, desto weniger bekommt jede.",
      connections: "Verbindungen",
      connectionsHint: "Höchstens, für jede Freigabe.",
      relayOnly: "Meine Netzadresse verbergen",
      relayOnlyHint:
        "Alles läuft über das Relais dieser Seite. Langsamer, und ohne Relais erreichst du niemanden.",
      storage: "Speicher in diesem Browser",
      used: "Belegt",
      usedOf: (usage, quota) => `${size(usage)} von ${size(quota)}`,
      persisted: "Der Browser behält das, bis du es entfernst.",
      notPersisted: "Wenn die Platte fast voll ist, kann der Browser es von selbst entfernen.",
      nothingKept: "Hier ist nichts aufgehoben.",
      free: (name) => `${name} entfernen`,
      appearance: "Aussehen",
      language: "Sprache",
      asBrowser: "Wie der Browser",
      lifetime: "Was du insgesamt gegeben und bekommen hast",
      given: "Gegeben",
      received: "Bekommen",
      noRatio: "–",
    },
    torrent: {
      title: (count) =>
        count === 1
          ? "Diesen Torrent öffnen oder die Datei selbst teilen?"
          : "Diese Torrents öffnen oder die Dateien selbst teilen?",
      open: (count) => plural(count, { one: "Torrent öffnen", other: "Torrents öffnen" }),
      share: (count) => plural(count, { one: "Die Datei selbst teilen", other: "Die Dateien selbst teilen" }),
      save: ".torrent-Datei sichern",
      copyMagnet: "Magnet-Link kopieren",
      forOthers: "Für andere BitTorrent-Programme. Wer das hat, kann mitmachen.",
      magnetLinks: "Magnet-Links",
      magnets: "Magnet-Links mit dieser Seite öffnen",
      magnetsHint: "Dein Browser fragt, ob du das willst.",
    },
    remove: {
      title: (name) => `${name} entfernen?`,
      body: (bytes) =>
        `${size(bytes)}, die dieser Browser davon aufhebt, werden gelöscht. Dateien, die du gesichert hast, bleiben, wo sie sind.`,
      keep: "Behalten",
      remove: "Entfernen",
    },
    back: {
      title: (sent, received) => {
        const items = (count: number) => plural(count, { one: "# Element", other: "# Elemente" });
        if (received === 0) return `Du hast ${items(sent)} geteilt.`;
        if (sent === 0) return `Du hast ${items(received)} heruntergeladen.`;
        return `Du hast ${items(sent)} geteilt und ${items(received)} heruntergeladen.`;
      },
      goOnAll: (count) => plural(count, { one: "Damit weitermachen", other: "Mit allen # weitermachen" }),
      goOnWith: (goOn, name) => `${goOn}: ${name}`,
      oneClick: "Der Link bleibt derselbe.",
      refused: "Das Lesen wurde nicht erlaubt. Leg es hier ab, oder mach weiter und erlaube es.",
      dropAgain:
        "Leg dieselbe Datei oder denselben Ordner hier ab, um unter demselben Link weiter zu teilen.",
      chooseAgain: "Noch einmal wählen",
      cameTo: (fraction, of) => `${percent(fraction)} von ${size(of)} sind da.`,
      isHere: "Alles ist da.",
    },
    password: {
      title: "Dieser Link braucht ein Passwort",
      label: "Passwort",
      hint: "Wer dir den Link geschickt hat, kennt es. Es verlässt diesen Tab nicht.",
      open: "Öffnen",
      wrong: "Falsches Passwort. Achte auf große und kleine Buchstaben und versuch es noch einmal.",
    },
    notifications: {
      ask: "Sag mir, wenn es fertig ist",
      on: "Du erfährst es, wenn es fertig ist",
      done: (name) => `${name} ist da.`,
    },
    leaving: (loss) =>
      loss.kind === "their-source"
        ? plural(loss.people, {
            one: `# Person braucht noch ${loss.name}. Wenn du diesen Tab schließt, wartet sie, bis jemand mit einer Kopie kommt.`,
            other: `# Personen brauchen noch ${loss.name}. Wenn du diesen Tab schließt, warten sie, bis jemand mit einer Kopie kommt.`,
          })
        : `${loss.name} ist nur im Speicher dieses Tabs. Wenn du ihn schließt, sind ${size(loss.bytes)} verloren: sichere es vorher.`,
    connection: {
      connecting: "Der Vermittlungsserver wird gesucht",
      online: "Bereit",
      offline: "Der Vermittlungsserver ist nicht erreichbar, neuer Versuch läuft",
    },
    reload: "Diese Seite neu laden",
    outdated: {
      title: "Dieser Tab ist älter als das, was deine Dateien aufbewahrt.",
      body: "Eine neuere Version dieser App hat sie, und nichts davon ist verloren. Bis diese Seite neu geladen ist, wird nichts aufbewahrt, was du hier tust.",
    },
    noNetwork: {
      title: "Es gibt keine Netzverbindung.",
      body: "Was dieser Browser aufbewahrt, ist trotzdem hier. Alles andere geht von selbst weiter, sobald das Netz wieder da ist.",
    },
    state: (stage, count, isAlone = false) => {
      switch (stage) {
        case "fingerprinting":
          return "Fingerabdruck wird berechnet";
        case "sharing":
          return count > 0 ? "Wird geteilt" : "Wartet auf jemanden";
        case "finding":
          return isAlone ? "Wartet auf jemanden" : "Verbindet";
        case "offered":
          return "Bereit zum Herunterladen";
        case "downloading":
          return "Lädt herunter";
        case "checking":
          return "Wird geprüft";
        case "paused":
          return "Angehalten";
        case "waiting":
          return "Wartet auf eine Kopie";
        case "done":
          return "Fertig";
        case "stopped":
          return "Beendet";
        case "failed":
          return "Braucht dich";
      }
    },
    share: {
      progress: "Fortschritt",
      contents: (count, bytes) => `${files(count)} · ${size(bytes)}`,
      looseFiles: files,
      files: "Dateien",
      showAllFiles: (count) => plural(count, { one: "# Datei zeigen", other: "Alle # Dateien zeigen" }),
      showAllPeople: (count) => plural(count, { one: "# Person zeigen", other: "Alle # Personen zeigen" }),
      people: "Personen",
      here: (count) => plural(count, { one: "# Person hier", other: "# Personen hier" }),
      ratio: (ratio) => `Verhältnis ${format.ratio(ratio)}`,
      nothingGiven: "noch nichts zurückgegeben",
      pause: "Anhalten",
      resume: "Weiter",
      stop: "Nicht mehr teilen",
      stopDownload: "Beenden",
      stopped: "Wird nicht mehr geteilt.",
      stoppedDownload: "Das Herunterladen ist beendet. Was angekommen ist, bleibt.",
      showAddress: "Meine Netzadresse nicht mehr verbergen",
      strip: {
        given: (fraction) => `${percent(fraction)} davon haben auch andere`,
      },
      undo: "Rückgängig",
      restart: "Weiter teilen",
      restartDownload: "Weiter herunterladen",
      forget: "Aus der Liste entfernen",
      stoppedSender: {
        title: "Du teilst das nicht mehr.",
        body: "Niemand bekommt es von dir, bis du weitermachst. Der Link bleibt derselbe.",
      },
      stoppedAtRatio: {
        title: "Das wurde so oft gegeben, wie du wolltest.",
        body: "Deshalb endete das Teilen von selbst. Die Grenze steht in den Optionen; der Link bleibt derselbe.",
      },
      stoppedWhenIdle: {
        title: "So lange, wie du eingestellt hast, hat das niemand gebraucht.",
        body: "Deshalb endete das Teilen von selbst. Mach weiter, wann du willst: Der Link bleibt derselbe.",
      },
      stoppedReceiver: {
        title: "Du hast das beendet.",
        body: "Was angekommen ist, bleibt, bis du es aus der Liste entfernst.",
      },
      getting: "Wird vorbereitet…",
      more: "Mehr zu dieser Freigabe",
      dismiss: "Schließen",
      again: "Noch einmal versuchen",
    },
    link: {
      title: "Dein Link",
      copy: "Link kopieren",
      copied: "Kopiert",
      copyFailed: "Das Kopieren wurde verweigert. Markiere den Link und kopiere ihn von Hand.",
      qr: "QR-Code",
      qrTitle: "Zum Öffnen abscannen",
      share: "Senden…",
      who: "Wer diesen Link hat, kann herunterladen, solange jemand mit einer Kopie da ist.",
      whoWithPassword:
        "Wer diesen Link und das Passwort hat, kann herunterladen, solange jemand mit einer Kopie da ist. Sag das Passwort auf einem anderen Weg.",
      soon: "Dein Link erscheint, sobald der Fingerabdruck fertig ist. Nichts verlässt diesen Tab, bis ihn jemand öffnet.",
    },
    sending: {
      nobodyYet: "Wartet darauf, dass jemand den Link öffnet",
      nobodyYetHint: "Wer ihn öffnet, erscheint hier.",
      keepOpen: "Lass diesen Tab offen, bis alle alles haben.",
      mayClose: "Zusammen haben sie schon eine ganze Kopie. Du kannst diesen Tab schließen.",
      everyoneHas: (count) =>
        plural(count, {
          one: "# Person hat alles. Du kannst diesen Tab schließen oder für die nächste bleiben.",
          other: "Alle # Personen haben alles. Du kannst diesen Tab schließen oder für die nächste bleiben.",
        }),
      youSent: (bytes) => `Du hast ${size(bytes)} gesendet`,
      othersSent: (bytes) => `andere ${size(bytes)} für dich`,
    },
    receiving: {
      finding: "Es wird nach jemandem gesucht, der es hat",
      findingHint: "Namen und Größen erscheinen hier, bevor etwas heruntergeladen wird.",
      chooseAll: "Alle Dateien",
      wantFile: (name) => `${name} herunterladen`,
      availability: (copies, parts, available) => {
        const full =
          copies === 0 ? undefined : plural(copies, { one: "# ganze Kopie", other: "# ganze Kopien" });
        const some = parts === 0 ? undefined : plural(parts, { one: "# Teil", other: "# Teile" });
        const here = [full, some].filter((part) => part !== undefined);
        if (here.length === 0) return "Gerade ist niemand mit einer Kopie da.";
        const verdict = available ? "alles ist verfügbar" : "etwas davon fehlt zurzeit";
        return `${format.list(here)} online, ${verdict}.`;
      },
      storage: {
        opfs: "Dieser Browser hebt es auf, während es ankommt; danach kommt es zu deinen Downloads.",
        "other-tab":
          "Ein anderer Tab dieses Browsers hebt es auf. Hier ist es nur im Speicher, bis jener Tab geschlossen wird.",
        memory:
          "Es bleibt im Speicher, während es ankommt: Lass diesen Tab offen und sichere es, wenn es fertig ist.",
        files: "Wird aus deinen eigenen Dateien gelesen.",
        none: "",
      },
      room: (needed, free) =>
        free >= needed
          ? `${size(free)} sind frei.`
          : `Es braucht ${size(needed)}, und nur ${size(free)} sind frei.`,
      visible: "Wer mit dir verbunden ist, kann deine Netzadresse sehen.",
      download: "Herunterladen",
      notNow: "Nicht jetzt",
      nothingChosen: "Wähle mindestens eine Datei",
      continueTitle: (name, fraction) => `Mit ${name} ab ${percent(fraction)} weitermachen?`,
      continue: "Weitermachen",
      rateFrom: (rate, count) =>
        count === 0 ? "Die nächsten Stücke werden erbeten" : `${format.rate(rate)} von ${people(count)}`,
      left: (seconds) => `noch etwa ${format.duration(seconds)}`,
      arrived: (have, of) => `${size(have)} von ${size(of)}`,
      done: (count) =>
        count === 2
          ? "Beide Dateien sind da und geprüft."
          : plural(count, {
              one: "Deine Datei ist da und geprüft.",
              other: "Alle # Dateien sind da und geprüft.",
            }),
      doneChosen: "Alles, was du ausgewählt hast, ist da und geprüft.",
      save: "Sichern",
      saveAll: "Alles sichern",
      saveFile: (name) => `${name} sichern`,
      saveZip: "Als Zip sichern",
      saving: (fraction) => (fraction > 0 ? `Wird gesichert, ${percent(fraction)}` : "Wird gesichert…"),
      saved: "Gesichert.",
      saveFailed:
        "Das Sichern hat nicht geklappt. Nichts ist verloren: Alles ist noch hier, versuch es noch einmal.",
      keepOpen: (count) =>
        count === 0
          ? "Lass diesen Tab offen, um anderen zu helfen"
          : plural(count, {
              one: "Lass diesen Tab offen, um anderen zu helfen (# Person wartet)",
              other: "Lass diesen Tab offen, um anderen zu helfen (# Personen warten)",
            }),
      helpOthers: "Anderen dazu verhelfen",
      gaveBack: (ratio) => `Du hast das ${format.ratio(ratio)}-Fache zurückgegeben.`,
    },
    playing: {
      play: "Abspielen",
      preview: "Ansehen",
      open: (isPlay, name) => (isPlay ? `${name} abspielen` : `${name} ansehen`),
      state: {
        waiting: "Der nächste Teil wird geholt…",
        playing: "",
        unplayable:
          "Dieser Browser kann diese Art von Datei nicht abspielen. Sichere sie, wenn sie da ist, und öffne sie mit einem anderen Programm.",
        broken:
          "Der nächste Teil kam nicht an. Versuch es von hier noch einmal; was angekommen ist, geht nicht verloren.",
      },
      held: {
        paused: "Der Download ist angehalten. Setz ihn fort, um den Rest zu sehen.",
        stopped: "Das Teilen wurde beendet. Setz es fort, um den Rest zu sehen.",
        waiting:
          "Niemand, der den nächsten Teil hat, ist da. Es geht von selbst weiter, sobald jemand kommt.",
      },
      unreadable: "Diese Datei lässt sich gerade nicht lesen. Schließ sie und öffne sie noch einmal.",
      noPicture:
        "Dieser Browser kann dieses Bild nicht zeigen. Sichere es und öffne es mit einem anderen Programm.",
      onlyBeginning: "Das ist nur der Anfang. Sichere die Datei, um alles zu lesen.",
    },
    person: {
      name: ({ adjective, animal }) =>
        `${beginnings[adjective % beginnings.length]}${fish[animal % fish.length]}`,
      you: "Du",
      direct: "direkt",
      relayed: "über Relais",
      connecting: "verbindet",
      helping: "hilft auch anderen",
      hasAll: "hat alles",
      has: (fraction) => `hat ${percent(fraction)}`,
      sends: (rate) => `sendet ${format.rate(rate)}`,
      gets: (rate) => `bekommt ${format.rate(rate)}`,
      left: (seconds) => `noch ${format.duration(seconds)}`,
      idle: "gerade nichts",
    },
    shoal: {
      title: "Der Schwarm",
      summary: (count, up, down) =>
        count === 0
          ? "Du bist allein hier."
          : `Du und ${people(count)}. Du gibst ${format.rate(up)} und bekommst ${format.rate(down)}.`,
    },
    details: {
      title: "Einzelheiten",
      totals: "Summen",
      uploaded: "Hochgeladen",
      downloaded: "Heruntergeladen",
      wasted: "Verworfen",
      ratio: "Verhältnis",
      pieces: "Stücke",
      piecesOf: (have, count, length) =>
        `${format.count(have)} von ${format.count(count)}, je ${format.powerOfTwo(length)}`,
      pieceMap: "Karte der Stücke",
      pieceLegend: {
        missing: "fehlt",
        asked: "erbeten",
        have: "geprüft",
        nowhere: "bei niemandem hier",
        bySender: "in der Farbe dessen, der es gesendet hat",
      },
      rarity: (nowhere, rarest) => {
        const rare =
          rarest === undefined
            ? undefined
            : plural(rarest, { one: "das seltenste hat # Peer", other: "das seltenste haben # Peers" });
        const gone = nowhere === 0 ? undefined : `${format.count(nowhere)} bei niemandem hier`;
        return [gone, rare].filter((part) => part !== undefined).join(", ");
      },
      pieceSummary: (have, asked, missing) =>
        `${format.count(have)} geprüft, ${format.count(asked)} erbeten, ${format.count(missing)} fehlen`,
      rates: "Raten",
      lastMinutes: (minutes) => plural(minutes, { one: "letzte Minute", other: "letzte # Minuten" }),
      up: "hinauf",
      down: "herunter",
      ratesNow: (up, down) => `Jetzt ${format.rate(up)} hinauf und ${format.rate(down)} herunter`,
      peers: "Peers",
      noPeers: "Kein Peer ist verbunden.",
      columns: {
        peer: "Peer",
        client: "Programm",
        route: "Weg",
        have: "Hat",
        down: "Herunter",
        up: "Hinauf",
        choking: "Drosselt",
        interested: "Interessiert",
        ratio: "Verhältnis",
      },
      unknownClient: "unbekannt",
      choking: bothWays,
      interested: bothWays,
      routes: { direct: "direkt", relayed: "über Relais", unknown: "wird ermittelt" },
      trackers: "Tracker",
      tracker: {
        columns: { url: "Tracker", state: "Zustand", peers: "Andere dort", note: "Anmerkung" },
        states: {
          connecting: "verbindet",
          online: "verbunden",
          offline: "nicht erreichbar",
          spare: "gerade nicht nötig",
          unusable: "nicht benutzt",
        },
        unusable: {
          "not-a-url": "Das ist keine Adresse.",
          protocol: "Ein Browser kann nur mit Trackern an wss://-Adressen sprechen.",
          insecure: "Diese Seite kam über eine sichere Verbindung, und dieser Tracker hat keine.",
          "private-network": "Diese Adresse liegt in einem privaten Netz.",
        },
      },
      webSeeds: "Webquellen",
      webSeed: {
        columns: { url: "Server", state: "Zustand", downloaded: "Brachte", note: "Anmerkung" },
        states: {
          spare: "gerade nicht nötig",
          used: "im Einsatz",
          waiting: "wird später neu versucht",
          dropped: "aufgegeben",
          unusable: "nicht benutzt",
        },
        reasons: {
          "not-a-url": "Das ist keine Adresse.",
          protocol: "Ein Browser kann nur von https://-Adressen lesen.",
          insecure: "Diese Seite kam über eine sichere Verbindung, und dieser Server hat keine.",
          "private-network": "Diese Adresse liegt in einem privaten Netz.",
          unreachable: "Er antwortet nicht oder lässt Seiten von anderswo nicht lesen.",
          busy: "Er ist beschäftigt.",
          silent: "Er antwortet nicht mehr.",
          "not-there": "Er hat die Dateien nicht.",
          "no-ranges": "Er gibt nur ganze Dateien.",
          "led-astray": "Er führt zu einer Adresse, die nicht erlaubt ist.",
          "too-short": "Seine Datei ist kürzer, als sie sein sollte.",
          "wrong-data": "Was er gab, ist nicht, was der Torrent sagt.",
        },
      },
      identifiers: "Kennungen",
      infohashV2: "Infohash (v2)",
      infohashV1: "Infohash (v1)",
      magnet: "Link",
      copy: (what) => `${what} kopieren`,
      copied: (what) => `${what}: kopiert`,
      trace: "Ablauf exportieren",
      traceHint: "Die letzten Schritte der Maschine als JSON-Zeilen, zum Nachspielen.",
      connected: "Verbunden",
      dropped: "Weggeschickt",
      droppedFor: (peer, reason) => `${peer}: ${reason.replaceAll("-", " ")}`,
    },
    title: {
      progress: (fraction, name) => `${percent(fraction)} · ${name} – Shoal`,
      share: (name) => `${name} – Shoal`,
      home: "Shoal – Dateien direkt aus diesem Tab senden",
    },
    announce: {
      progress: (name, fraction) => `${name}: ${percent(fraction)}`,
      state: (name, state) => `${name}: ${state}`,
    },
    problem: (problem, progress) => {
      switch (problem.code) {
        case "nobody-here":
          return {
            title: "Am anderen Ende dieses Links ist niemand.",
            body: "Entweder ist der Tab des Absenders geschlossen, oder der Link ist nicht genau der, der gesendet wurde: Schon ein geändertes Zeichen führt in einen leeren Raum. Vergleiche ihn mit der Nachricht, oder bitte den Absender, seinen Tab zu öffnen. Hier geht es von selbst weiter, sobald jemand da ist.",
          };
        case "source-gone":
          if (!problem.isAlone)
            return {
              title: `Niemand hier hat den Rest; bei ${percent(progress)} ging es nicht weiter.`,
              body: `Zuletzt war er um ${format.time(problem.lastSeenAt)} hier. Nichts ist verloren: Es geht von selbst weiter, sobald jemand mit einer Kopie zurück ist. Ist der Tab des Absenders noch offen, wurde die Datei vielleicht geändert oder verschoben: Frag nach.`,
            };
          return {
            title: `Der Absender ging bei ${percent(progress)} offline.`,
            body: `Zuletzt gesehen um ${format.time(problem.lastSeenAt)}. Nichts ist verloren: Es geht von selbst weiter, sobald jemand mit einer Kopie zurück ist.`,
          };
        case "no-route":
          return noRoute[problem.cause];
        case "tracker-unreachable":
          return {
            title: "Der Vermittlungsserver ist nicht erreichbar.",
            body: "Er macht nur miteinander bekannt: Was schon läuft, läuft weiter. Es wird alle paar Sekunden neu versucht. Wenn auch andere Seiten nicht aufgehen, ist deine Verbindung weg.",
          };
        case "password-needed":
          return {
            title: "Diese Freigabe hat ein Passwort.",
            body: "Wer dir den Link geschickt hat, kennt es. Es verlässt diesen Tab nicht: Es öffnet nur, was dort versiegelt wird.",
          };
        case "wrong-password":
          return {
            title: "Falsches Passwort.",
            body: "Damit war hier niemand zu erreichen. Achte auf große und kleine Buchstaben und versuch es noch einmal.",
          };
        case "storage-refused":
          return {
            title: "Dieser Browser will hier keine Dateien aufheben.",
            body: "So ist es in einem privaten Fenster und wenn Websitedaten gesperrt sind. Öffne den Link in einem normalen Fenster, oder erlaube dieser Seite, Daten zu speichern; dann geht es von dort weiter.",
          };
        case "storage-full":
          return {
            title: `Es ist kein Platz mehr; bei ${percent(progress)} war Schluss.`,
            body: "Was angekommen ist, bleibt. Schaff Platz auf diesem Gerät, oder entferne fertige Freigaben aus deiner Liste, und versuch es dann noch einmal: Es geht dort weiter, wo es ist.",
          };
        case "file-changed":
          return {
            title: `„${problem.name}“ wurde geändert oder verschoben, seit du es teilst.`,
            body: "Niemand bekommt mehr davon unter diesem Link, weil der Fingerabdruck nicht mehr stimmt. Leg die alte Fassung zurück und wähle sie noch einmal aus: Der Link bleibt derselbe. Oder teile die neue: Sie bekommt einen eigenen Link.",
          };
        case "storage-lost":
          return {
            title: "Ein Teil dessen, was angekommen war, ist weg.",
            body: "Dieser Browser, oder wer seine Websitedaten gelöscht hat, hat es entfernt. Alles andere ist noch da, und was fehlt, wird wieder geholt, sobald du weitermachst.",
          };
        case "files-needed":
          return problem.canReopen
            ? {
                title: "Du hast das geteilt.",
                body: "Ein Klick, und es geht weiter: Der Link bleibt derselbe.",
              }
            : {
                title: "Du hast das geteilt.",
                body: "Leg dieselbe Datei oder denselben Ordner ab, um unter demselben Link weiter zu teilen. Erkannt wird am Fingerabdruck.",
              };
        case "read-refused":
          return {
            title: "Dieser Browser durfte nicht lesen, was du geteilt hast.",
            body: "Wähl dieselbe Datei oder denselben Ordner noch einmal aus, oder mach weiter und erlaube es diesmal: Der Link bleibt derselbe.",
          };
        case "too-large-for-memory":
          return {
            title: "Das ist zu groß für diesen Browser.",
            body: `Er kann Dateien hier nur im Speicher halten, und höchstens ${size(problem.limit)}. Öffne den Link in einem normalen Fenster eines aktuellen Browsers, wo Platz auf der Platte ist, oder wähle weniger Dateien.`,
          };
        case "open-elsewhere":
          return {
            title: "Ein anderer Tab dieses Browsers hat das schon.",
            body: "Es ist zu groß, um hier noch einmal im Speicher zu liegen. Mach dort weiter, oder schließ jenen Tab: Dann geht es hier von selbst weiter.",
          };
        case "nothing-to-share":
          return {
            title: "Darin ist nichts zum Teilen.",
            body: "Der Ordner ist leer oder alles darin. Wähle einen anderen.",
          };
        case "invalid-torrent":
          return {
            title: "Was hinter diesem Link steht, lässt sich nicht öffnen.",
            body: "Die Liste der Dateien ist kaputt, deshalb könnte niemand sagen, ob stimmt, was ankommt. Bitte den Absender um einen anderen Link.",
          };
        case "torrent-contradictory":
          return {
            title: "Was hinter diesem Link steht, widerspricht sich.",
            body: "Dieselben Dateien sind auf zwei Arten beschrieben, die nicht zusammenpassen; niemand kann sagen, welche Bytes stimmen. Bitte um einen neuen Link.",
          };
        case "internal":
          return {
            title: "Bei uns ist etwas schiefgegangen.",
            body: "Diese Freigabe steht, die anderen laufen weiter. Versuch es noch einmal; wenn es wieder geschieht, exportiere unter Einzelheiten den Ablauf und schick ihn an den Betreiber dieser Seite.",
          };
      }
    },
    linkProblem: (problem) => linkProblems[problem],
  };
}

/** Who does something: we, they, both or nobody. */
function bothWays(us: boolean, them: boolean): string {
  if (us && them) return "beide";
  if (us) return "wir";
  return them ? "die anderen" : "niemand";
}

const noRoute: Readonly<Record<NoRouteCause, Notice>> = {
  "hidden-without-relay": {
    title: "Du verbirgst deine Netzadresse, und diese Seite hat nichts, wohinter.",
    body: "Jemand ist da. Ohne ein Relais auf dieser Seite könnt ihr euch nur treffen, wenn der andere deine Netzadresse sehen darf.",
  },
  "relay-silent": {
    title: "Das Relais dieser Seite antwortet aus deinem Netz nicht.",
    body: "Jemand ist da, aber eine direkte Verbindung kam nicht zustande, und das Relais, das darum herumführen würde, schweigt. Es wird von selbst weiter versucht; ein anderes Netz, etwa das eines Telefons, hilft oft sofort.",
  },
  "relay-in-vain": {
    title: "Noch kein Weg zur anderen Seite.",
    body: "Jemand ist da, aber weder eine direkte Verbindung noch eine über das Relais kam zustande. Es wird von selbst weiter versucht; ein anderes Netz, etwa das eines Telefons, hilft oft sofort.",
  },
  "no-help": {
    title: "Du und die andere Seite seid in verschiedenen Netzen.",
    body: "Jemand ist da, aber diese Seite hat nichts, das einen Weg von einem Netz ins andere findet. Es klappt, sobald ihr beide im selben seid, etwa im selben WLAN.",
  },
  "ours-closed": {
    title: "Dein Netz verweigert direkte Verbindungen.",
    body: "Jemand ist da, aber dein Netz lässt nichts herein, und diese Seite hat kein Relais, das darum herumführt. Es klappt, sobald du ein anderes Netz benutzt, etwa das deines Telefons.",
  },
  "theirs-closed": {
    title: "Das Netz der anderen Seite verweigert direkte Verbindungen.",
    body: "Jemand ist da, aber das Netz dort lässt nichts herein, oder dort wird die Netzadresse verborgen, und diese Seite hat kein Relais, das darum herumführt. Bitte die andere Seite, ein anderes Netz zu benutzen, etwa das ihres Telefons.",
  },
  "both-refuse": {
    title: "Beide Netze verweigern direkte Verbindungen.",
    body: "Jemand ist da, aber diese Seite hat kein Relais, das darum herumführt. Es wird von selbst weiter versucht; es klappt, sobald einer von euch ein anderes Netz benutzt, etwa das eines Telefons.",
  },
};

const linkProblems: Readonly<Record<OpenProblem, Notice>> = {
  empty: {
    title: "Da ist noch kein Link.",
    body: "Füg den ganzen Link ein, den du bekommen hast.",
  },
  "not-a-link": {
    title: "Das ist kein Link zu einer Freigabe.",
    body: "Er sollte aussehen wie die Adresse dieser Seite mit einem # und einer Reihe von Buchstaben und Ziffern dahinter, oder mit „magnet:“ beginnen. Kopiere ihn noch einmal aus der Nachricht.",
  },
  "cut-off": {
    title: "Dieser Link ist abgeschnitten.",
    body: "Sein Ende fehlt. Kopiere ihn ganz, bis zum letzten Zeichen, oder bitte noch einmal darum.",
  },
  damaged: {
    title: "Dieser Link ist beschädigt.",
    body: "Er enthält Zeichen, die kein Link hat, wie es geschieht, wenn er über zwei Zeilen umbrochen wurde. Kopiere ihn noch einmal aus der Nachricht, oder bitte noch einmal darum.",
  },
  unsupported: {
    title: "Diese Art von Link lässt sich in einem Browser nicht öffnen.",
    body: "Er nennt keinen Ort, an dem Tabs sich treffen könnten. Bitte den Absender um einen Shoal-Link, oder öffne ihn in einem BitTorrent-Programm.",
  },
  "torrent-unreadable": {
    title: "Diese Datei ließ sich nicht lesen.",
    body: "Vielleicht wurde sie verschoben oder gelöscht, seit du sie gewählt hast. Wähle sie noch einmal.",
  },
  "torrent-not-a-torrent": {
    title: "Das ist kein Torrent.",
    body: "Die Datei ist beschädigt oder heißt nur so. Lade sie noch einmal dort herunter, wo du sie gefunden hast.",
  },
  "torrent-too-large": {
    title: "Diese Torrent-Datei ist zu groß.",
    body: "Sie hat mehr als 96 MB, die keine echte braucht. Sie wurde nicht geöffnet.",
  },
  "torrent-too-deep": {
    title: "Dieser Torrent ist zu tief verschachtelt.",
    body: "Seine Ordner liegen mehr als hundertfach ineinander. Er wurde nicht geöffnet.",
  },
  "torrent-too-many": {
    title: "In diesem Torrent ist zu viel.",
    body: "Er nennt mehr Dateien oder Stücke, als ein Browser halten kann. Er wurde nicht geöffnet.",
  },
  "torrent-empty": {
    title: "In diesem Torrent ist nichts.",
    body: "Er hat keine Dateien, oder alle sind leer.",
  },
  "torrent-names": {
    title: "Die Dateinamen in diesem Torrent ergeben keinen Sinn.",
    body: "Einer fehlt, oder zwei Dateien im selben Ordner heißen gleich. Er wurde nicht geöffnet.",
  },
  "torrent-sizes": {
    title: "Die Größen in diesem Torrent ergeben keinen Sinn.",
    body: "Eine davon fehlt oder ist unmöglich. Er wurde nicht geöffnet.",
  },
  "torrent-contradiction": {
    title: "Dieser Torrent widerspricht sich.",
    body: "Was er über seine Dateien sagt, passt nicht zusammen; niemand könnte sie prüfen. Hol ihn noch einmal dort, wo du ihn gefunden hast.",
  },
  "torrent-version": {
    title: "Diese Art von Torrent kennen wir nicht.",
    body: "Er ist für eine Fassung von BitTorrent gemacht, die sich hier nicht öffnen lässt.",
  },
};
