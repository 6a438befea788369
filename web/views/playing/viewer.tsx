import { useState } from "react";
import { useText } from "../app-context.tsx";
import { Player } from "./player.tsx";
import { TextPreview } from "./text-preview.tsx";
import { nameOf, type Source, useSource, type ViewedFile } from "./use-source.ts";
import styles from "./viewer.module.css";

/** One file, played or shown. Nothing in it can run. */
export function Viewer({ viewed }: { readonly viewed: ViewedFile }) {
  const text = useText();
  const source = useSource(viewed);
  if (source === undefined) return null;
  if (source.type === "failed") {
    return (
      <p className={styles.words} role="alert">
        {text.playing.unreadable}
      </p>
    );
  }
  return <Shown viewed={viewed} source={source} />;
}

function Shown({
  viewed,
  source,
}: {
  readonly viewed: ViewedFile;
  readonly source: Exclude<Source, { type: "failed" }>;
}) {
  const text = useText();
  const [isBroken, setBroken] = useState(false);
  const name = nameOf(viewed.file);
  const { url } = source;
  switch (viewed.kind) {
    case "video":
    case "audio":
      return <Player kind={viewed.kind} url={url} name={name} share={viewed.share} />;
    case "image":
      return isBroken ? (
        <p className={styles.words} role="alert">
          {text.playing.noPicture}
        </p>
      ) : (
        <img
          className={styles.image}
          data-testid="preview"
          src={url}
          alt={name}
          onError={() => setBroken(true)}
        />
      );
    case "pdf":
      return <iframe className={styles.pdf} data-testid="preview" src={url} title={name} />;
    case "text":
      return source.type === "blob" ? <TextPreview blob={source.blob} /> : null;
  }
}
