import { useText } from "../app-context.tsx";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import styles from "./remove-dialog.module.css";

interface RemoveDialogProps {
  /** As it is called on the screens. */
  readonly name: string;
  /** What this browser would delete. */
  readonly bytes: number;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onRemove: () => void;
}

/** Asked before something is deleted that nobody could bring back. */
export function RemoveDialog({ name, bytes, isOpen, onClose, onRemove }: RemoveDialogProps) {
  const text = useText();
  return (
    <Dialog title={text.remove.title(name)} isOpen={isOpen} onClose={onClose}>
      <p>{text.remove.body(bytes)}</p>
      <div className={styles.ways}>
        <Button onClick={onClose}>{text.remove.keep}</Button>
        <Button
          kind="grave"
          data-testid="remove-confirm"
          onClick={() => {
            onClose();
            onRemove();
          }}
        >
          {text.remove.remove}
        </Button>
      </div>
    </Dialog>
  );
}
