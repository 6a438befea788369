import { useCallback, useState } from "react";
import { useText } from "../app-context.tsx";
import styles from "./viewer.module.css";

interface PlayerProps {
  readonly kind: "video" | "audio";
  readonly url: string;
  readonly name: string;
}

/** Plays a file with the browser's own controls, and says why when it does not go on. */
export function Player({ kind, url, name }: PlayerProps) {
  const text = useText();
  const [state, setState] = useState<"waiting" | "playing" | "unplayable" | "broken">("waiting");
  // What is gone from the page would go on reading until it is collected.
  const release = useCallback((element: HTMLMediaElement | null) => {
    if (element === null) return;
    return () => {
      element.pause();
      element.removeAttribute("src");
      element.load();
    };
  }, []);
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
        onPlaying={() => setState("playing")}
        onWaiting={() => setState("waiting")}
        onError={({ currentTarget }) => setState(isOfAnotherFormat(currentTarget) ? "unplayable" : "broken")}
      />
      <p className={styles.words} role="status">
        {text.playing.state[state]}
      </p>
    </>
  );
}

/** As opposed to one whose bytes did not come. */
function isOfAnotherFormat({ error }: HTMLMediaElement): boolean {
  return (
    error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED || error?.code === MediaError.MEDIA_ERR_DECODE
  );
}
