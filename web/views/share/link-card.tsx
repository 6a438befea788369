import { Check, Copy, QrCode as QrIcon, Share2 } from "lucide-react";
import { useState } from "react";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import styles from "./link-card.module.css";
import { QrDialog } from "./qr-dialog.tsx";

/** The one thing that matters after dropping: the link, and every way to get it to someone. */
export function LinkCard({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { copyText, shareLink } = useActions();
  const [copied, setCopied] = useState<"yes" | "refused">();
  const copy = async () => setCopied((await copyText(share.link)) ? "yes" : "refused");
  const isCopied = copied === "yes";

  return (
    <section className={styles.card} aria-labelledby="link-title">
      <h2 id="link-title" className={styles.title}>
        {text.link.title}
      </h2>
      <p className={styles.link} data-testid="share-link">
        {share.link}
      </p>
      <div className={styles.ways}>
        <Button
          kind="primary"
          size="large"
          data-testid="copy-link"
          className={styles.copy}
          onClick={copy}
          onBlur={() => setCopied(undefined)}
        >
          {isCopied ? <Check size={20} aria-hidden="true" /> : <Copy size={20} aria-hidden="true" />}
          {isCopied ? text.link.copied : text.link.copy}
        </Button>
        <QrDialog link={share.link}>
          <QrIcon size={20} aria-hidden="true" />
          {text.link.qr}
        </QrDialog>
        {shareLink !== undefined && (
          <Button size="large" onClick={() => shareLink(share.link, share.name)}>
            <Share2 size={20} aria-hidden="true" />
            {text.link.share}
          </Button>
        )}
      </div>
      <p className={styles.who} role="status">
        {copied === "refused" ? text.link.copyFailed : text.link.who}
      </p>
    </section>
  );
}
