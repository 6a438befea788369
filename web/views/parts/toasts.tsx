import { Toast } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useApp, useText } from "../app-context.tsx";
import { Icon } from "./icon.tsx";
import styles from "./toasts.module.css";

const STAYS_MS = 8_000;

/** Short messages at the lower edge, some with one thing to do about them. They are read aloud by themselves. */
export function Toasts() {
  return (
    <Toast.Provider timeout={STAYS_MS}>
      <Shown />
    </Toast.Provider>
  );
}

function Shown() {
  const text = useText();
  const { toasts, add, close } = Toast.useToastManager();
  const messages = useApp((state) => state.messages);
  const lastShown = useRef(0);

  useEffect(() => {
    for (const { id, words, action } of messages) {
      if (id <= lastShown.current) continue;
      lastShown.current = id;
      const toast = `${id}`;
      const press = () => {
        action?.run();
        close(toast);
      };
      add({
        id: toast,
        title: words,
        ...(action !== undefined && { actionProps: { children: action.label, onClick: press } }),
      });
    }
  }, [messages, add, close]);

  useEffect(() => {
    for (const { id, transitionStatus } of toasts)
      if (transitionStatus !== "ending" && !messages.some((message) => `${message.id}` === id)) close(id);
  }, [toasts, messages, close]);

  return (
    <Toast.Portal>
      <Toast.Viewport className={styles.viewport}>
        {toasts.map((toast) => (
          <Toast.Root key={toast.id} toast={toast} className={styles.toast}>
            <Toast.Content className={styles.content}>
              <Toast.Title render={<p />} className={styles.message} />
              <Toast.Action className={styles.action} />
              <Toast.Close className={styles.close} aria-label={text.share.dismiss}>
                <Icon of={X} />
              </Toast.Close>
            </Toast.Content>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
