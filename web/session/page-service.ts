/** The session's side of the page: carries out its messages, answers its questions, sends it snapshots. */
import { parseShareText } from "../engine/metainfo/share-link.ts";
import {
  type Answers,
  type PageMessage,
  type Question,
  SnapshotPacker,
  type WorkerMessage,
} from "./page-messages.ts";
import { Session } from "./session.ts";
import type { World } from "./world.ts";

export class PageService {
  readonly #session: Session;
  readonly #post: (message: WorkerMessage) => void;

  constructor(world: World, post: (message: WorkerMessage) => void) {
    const packer = new SnapshotPacker();
    this.#post = post;
    this.#session = new Session(
      world,
      (snapshot) => post({ type: "snapshot", snapshot: packer.pack(snapshot) }),
      (id, key) => post({ type: "unlocked", id, key }),
    );
  }

  /** To be awaited before the first message. @param canHash settles once `sha256` and `sha1` can be called. */
  start(canHash: Promise<void>): Promise<void> {
    return this.#session.restore(canHash);
  }

  onMessage(message: PageMessage): void {
    const session = this.#session;
    switch (message.type) {
      case "share":
        session.share(message.id, message.files, message.options);
        break;
      case "open": {
        const link = parseShareText(message.text);
        if (link.ok) session.open(message.id, link.value, message.key);
        break;
      }
      case "want":
        session.want(message.id, message.wanted);
        break;
      case "unlock":
        session.unlock(message.id, message.password);
        break;
      case "limit":
        session.limit(message.id, message.limits);
        break;
      case "configure":
        session.configure(message.settings);
        break;
      case "stream":
        session.stream(message.id, message.file, message.port);
        break;
      case "ask":
        void this.#answer(message.number, message.question);
        break;
      default:
        session[message.type](message.id);
    }
  }

  async #answer(number: number, question: Question): Promise<void> {
    this.#post({ type: "answer", number, answer: await this.#find(question) });
  }

  async #find(question: Question): Promise<Answers[Question["about"]]> {
    switch (question.about) {
      case "files":
        return this.#session.files(question.id);
      case "handles":
        return this.#session.handles(question.id);
      case "storage":
        return this.#session.storage();
      case "snapshot":
        return this.#session.snapshot();
      case "trace":
        return this.#session.trace(question.id);
      case "torrent":
        return this.#session.openTorrent(question.file);
      case "torrent-file":
        return this.#session.torrentFile(question.id);
      case "blob":
        return this.#session.blob(question.id, question.file);
    }
  }
}
