import { useCallback, useRef, useState } from "react";
import type { ShareId } from "../../store/session.ts";
import type { Stage } from "../../store/share-view.ts";
import { useApp, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import type { Text } from "../text/en.ts";
import styles from "./viewer.module.css";

interface PlayerProps {
  readonly kind: "video" | "audio";
  readonly url: string;
  readonly name: string;
  readonly share: ShareId;
}

/** A browser may end the service worker in the middle of a film; a new one goes on with it. */
const TRIES = 5;

/** Plays a file with the browser's own controls, and says why when it does not go on. */
export function Player({ kind, url, name, share }: PlayerProps) {
  const text = useText();
  const stage = useApp(({ shares }) => shares.find(({ id }) => id === share)?.stage);
  const [state, setState] = useState<"waiting" | "playing" | "unplayable" | "broken">("waiting");
  const shown = useRef<HTMLMediaElement | null>(null);
  // What is gone from the page would go on reading until it is collected.
  const release = useCallback((element: HTMLMediaElement | null) => {
    shown.current = element;
    if (element === null) return;
    start(element);
    return () => {
      element.pause();
      element.removeAttribute("src");
      element.load();
    };
  }, []);
  const triesLeft = useRef(TRIES);
  const wasPlayable = useRef(false);
  const onError = (element: HTMLMediaElement) => {
    if (isOfAnotherFormat(element, wasPlayable.current)) {
      setState("unplayable");
    } else if (triesLeft.current-- > 0) {
      goOn(element);
    } else {
      setState("broken");
    }
  };
  const Element = kind;
  return (
    <>
      <Element
        ref={release}
        className={styles[kind]}
        data-testid="player"
        src={url}
        controls
        autoPlay
        playsInline
        aria-label={name}
        onLoadedMetadata={() => {
          wasPlayable.current = true;
        }}
        onPlaying={() => {
          triesLeft.current = TRIES;
          setState("playing");
        }}
        onWaiting={() => setState("waiting")}
        onError={({ currentTarget }) => onError(currentTarget)}
      />
      <p className={styles.words} role="status">
        {state === "waiting" ? waitingWords(text, stage) : text.playing.state[state]}
      </p>
      {state === "broken" && (
        <div>
          <Button
            onClick={() => {
              if (shown.current === null) return;
              triesLeft.current = TRIES;
              setState("waiting");
              goOn(shown.current);
            }}
          >
            {text.share.again}
          </Button>
        </div>
      )}
    </>
  );
}

/** What it waits for: the next part, or somebody to do something about that. */
function waitingWords({ playing }: Text, stage: Stage | undefined): string {
  if (stage === "paused" || stage === "stopped" || stage === "waiting") return playing.held[stage];
  return playing.state.waiting;
}

/** Reads it anew from where it was. */
function goOn(element: HTMLMediaElement): void {
  const at = element.currentTime;
  element.load();
  element.currentTime = at;
  start(element);
}

/**
 * A browser that starts by itself waits until it believes that it can play to the end; asked to, it starts with the
 * first picture. Where it may not start before somebody presses its own button, that is there to be pressed.
 */
function start(element: HTMLMediaElement): void {
  element.play().catch(() => {});
}

/** As opposed to one whose bytes did not come: of what was played before, that is all that a source can lack. */
function isOfAnotherFormat({ error }: HTMLMediaElement, wasPlayable: boolean): boolean {
  if (error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED) return !wasPlayable;
  return error?.code === MediaError.MEDIA_ERR_DECODE;
}
