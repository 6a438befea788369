import { useEffect, useState } from "react";
import { useText } from "../app-context.tsx";
import styles from "./viewer.module.css";

/** More than anybody reads in a preview, bytes; a page with megabytes of text does not scroll. */
const SHOWN_BYTES = 256 * 1024;

/** The beginning of a file as the characters that it consists of, whatever they mean. */
export function TextPreview({ blob }: { readonly blob: Blob }) {
  const text = useText();
  const [content, setContent] = useState<string>();
  useEffect(() => {
    blob
      .slice(0, SHOWN_BYTES)
      .text()
      .then(setContent, () => setContent(""));
  }, [blob]);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard. */}
      <pre className={styles.text} tabIndex={0} data-testid="preview">
        {content}
      </pre>
      {blob.size > SHOWN_BYTES && <p className={styles.words}>{text.playing.onlyBeginning}</p>}
    </>
  );
}
