import type { ChangeEvent, RefObject } from "react";
import type { ChosenFile } from "../../store/session.ts";
import { useText } from "../app-context.tsx";
import { fromInput } from "./read-drop.ts";

/** Not a standard attribute, so that React's types do not know it; every browser does. */
const CHOOSES_FOLDERS = { webkitdirectory: "" };

/** The browser's own way of choosing files, behind a button that clicks it. */
export function HiddenInput({
  input,
  of,
  onChosen,
}: {
  readonly input: RefObject<HTMLInputElement | null>;
  readonly of: "files" | "folder";
  readonly onChosen: (files: readonly ChosenFile[]) => void;
}) {
  const text = useText();
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = fromInput(event.target.files ?? []);
    // The same files can be chosen again at once.
    event.target.value = "";
    if (chosen.length > 0) onChosen(chosen);
  };
  return (
    <input
      ref={input}
      type="file"
      {...(of === "files" ? { multiple: true } : CHOOSES_FOLDERS)}
      hidden
      data-testid={of === "files" ? "file-input" : "folder-input"}
      aria-label={of === "files" ? text.home.chooseFiles : text.home.chooseFolder}
      onChange={choose}
    />
  );
}
