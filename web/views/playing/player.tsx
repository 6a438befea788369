import { useCallback, useRef, useState } from "react";
import { useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import styles from "./viewer.module.css";

interface PlayerProps {
  readonly kind: "video" | "audio";
  readonly url: string;
  readonly name: string;
}

/** A browser may end the service worker in the middle of a film; a new one goes on with it. */
const TRIES = 5;

/** Plays a file with the browser's own controls, and says why when it does not go on. */
export function Player({ kind, url, name }: PlayerProps) {
  const text = useText();
  const [state, setState] = useState<"waiting" | "playing" | "unplayable" | "broken">("waiting");
  const shown = useRef<HTMLMediaElement | null>(null);
  // What is gone from the page would go on reading until it is collected.
  const release = useCallback((element: HTMLMediaElement | null) => {
    shown.current = element;
    if (element === null) return;
    return () => {
      element.pause();
      element.removeAttribute("src");
      element.load();
    };
  }, []);
  const triesLeft = useRef(TRIES);
  const onError = (element: HTMLMediaElement) => {
    if (isOfAnotherFormat(element)) {
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
        onPlaying={() => {
          triesLeft.current = TRIES;
          setState("playing");
        }}
        onWaiting={() => setState("waiting")}
        onError={({ currentTarget }) => onError(currentTarget)}
      />
      <p className={styles.words} role="status">
        {text.playing.state[state]}
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

/** Reads it anew from where it was. */
function goOn(element: HTMLMediaElement): void {
  const at = element.currentTime;
  element.load();
  element.currentTime = at;
}

/** As opposed to one whose bytes did not come. */
function isOfAnotherFormat({ error }: HTMLMediaElement): boolean {
  return (
    error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || error?.code === MediaError.MEDIA_ERR_DECODE
  );
}
