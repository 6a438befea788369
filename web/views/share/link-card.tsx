import { Check, Copy, QrCode as QrIcon, Share2 } from "lucide-react";
import { useState } from "react";
import { hasPassword } from "../../store/selectors.ts";
import type { ShareView } from "../../store/share-view.ts";
import { useActions, useText } from "../app-context.tsx";
import { later } from "../later.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { nameOf } from "../share-name.ts";
import styles from "./link-card.module.css";

const QrDialog = later(
  () => import("./qr-dialog.tsx"),
  (module) => module.QrDialog,
);

/** The one thing that matters after dropping: the link, and every way to get it to someone. */
export function LinkCard({ share }: { readonly share: ShareView }) {
  const text = useText();
  const { copyText, shareLink } = useActions();
  const [copied, setCopied] = useState<"yes" | "refused">();
  const [qr, setQr] = useState<"open" | "closed">();
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
          {isCopied ? <Icon of={Check} size="large" /> : <Icon of={Copy} size="large" />}
          {isCopied ? text.link.copied : text.link.copy}
        </Button>
        <Button size="large" data-testid="qr" aria-haspopup="dialog" onClick={() => setQr("open")}>
          <Icon of={QrIcon} size="large" />
          {text.link.qr}
        </Button>
        {shareLink !== undefined && (
          <Button size="large" onClick={() => shareLink(share.link, nameOf(share.name, text))}>
            <Icon of={Share2} size="large" />
            {text.link.share}
          </Button>
        )}
      </div>
      <p className={styles.who} role="status">
        {copied === "refused"
          ? text.link.copyFailed
          : hasPassword(share)
            ? text.link.whoWithPassword
            : text.link.who}
      </p>
      {qr !== undefined && (
        <QrDialog link={share.link} isOpen={qr === "open"} onClose={() => setQr("closed")} />
      )}
    </section>
  );
}
