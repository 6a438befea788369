/**
 * Home is there before its code is: the build draws it into the page (tools/prerender-home.ts). What a person does
 * on it until the app has arrived is done for real, or kept until the app can do it.
 *
 * Invariants
 *  1. Files that were chosen, dropped or pasted are never lost, even when the app arrives while the browser's
 *     dialog is open.
 *  2. Once the app has drawn itself, nothing here listens any more.
 *  3. Nothing is drawn anew while it is held down: what began on one element and ends on another is no click.
 */
import type { ChosenFile } from "./store/session.ts";
import { pickFiles } from "./views/dropping/pick-files.ts";
import { fromInput, readTransfer } from "./views/dropping/read-drop.ts";

/** What becomes of it in the end. */
export interface AppActions {
  share(files: readonly ChosenFile[]): void;
  open(link: string): void;
  /** Something in what was dropped or chosen can't be read. */
  refuse(): void;
}

export interface BeforeTheApp {
  /** Settles once nothing is held down, or it is held for so long that no click is meant. */
  released(): Promise<void>;
  /** Called right before the app draws itself in place of what is in `root`. */
  collect(): void;
  /** Called as soon as it has. */
  replay(actions: AppActions): void;
}

/** The click of a finger comes a moment after it was lifted, ms. */
const CLICK_FOLLOWS_MS = 100;
/** The end of a press may never be told, ms. */
const HELD_AT_MOST_MS = 10_000;

type Kept = readonly ChosenFile[] | "unreadable" | { readonly link: string };

/** @param root holds Home as the build has drawn it. */
export function watchBeforeTheApp(root: HTMLElement): BeforeTheApp {
  const kept: Kept[] = [];
  const typed = new Map<string, string>();
  const listening = new AbortController();
  const { signal } = listening;
  let actions: AppActions | undefined;
  let switched: readonly string[] = [];
  let pressed: string | undefined;
  let focused: string | undefined;

  const act = (what: Kept) => {
    if (actions === undefined) kept.push(what);
    else if (what === "unreadable") actions.refuse();
    else if ("link" in what) actions.open(what.link);
    else if (what.length > 0) actions.share(what);
  };
  const take = (files: Promise<readonly ChosenFile[]>) => void files.then(act, () => act("unreadable"));

  const inputs = { files: field("file-input"), folder: field("folder-input") };
  // Not by `signal`: its dialog may be closed after the app has come.
  for (const input of Object.values(inputs))
    input?.addEventListener("change", () => act(fromInput(input.files ?? [])));
  root.addEventListener("click", ({ target }) => flip(switchAt(target)) || press(testIdOf(target)), {
    signal,
  });
  root.addEventListener(
    "keydown",
    (event) => {
      if ((event.key === " " || event.key === "Enter") && flip(switchAt(event.target)))
        event.preventDefault();
    },
    { signal },
  );
  root.addEventListener(
    "submit",
    (event) => {
      event.preventDefault();
      act({ link: field("link-input")?.value.trim() ?? "" });
    },
    { signal },
  );
  let isHeld = false;
  let onReleased = () => {};
  let releasing: ReturnType<typeof setTimeout> | undefined;
  const hold = () => {
    clearTimeout(releasing);
    isHeld = true;
  };
  const release = (afterMs: number) => {
    clearTimeout(releasing);
    releasing = setTimeout(() => {
      isHeld = false;
      onReleased();
    }, afterMs);
  };
  root.addEventListener("pointerdown", ({ button }) => button === 0 && hold(), { signal });
  root.addEventListener("keydown", ({ key }) => key === " " && hold(), { signal });
  for (const end of ["pointerup", "keyup"])
    window.addEventListener(end, () => release(CLICK_FOLLOWS_MS), { signal });
  for (const end of ["click", "pointercancel"]) window.addEventListener(end, () => release(0), { signal });

  window.addEventListener("dragover", (event) => event.preventDefault(), { signal });
  window.addEventListener("drop", (event) => takeFrom(event, event.dataTransfer), { signal });
  window.addEventListener("paste", (event) => paste(event), { signal });

  function press(testId: string | undefined): void {
    if (testId !== "choose-files" && testId !== "choose-folder") {
      pressed = testId ?? pressed;
      return;
    }
    const of = testId === "choose-files" ? "files" : "folder";
    const picked = pickFiles(of);
    if (picked === undefined) inputs[of]?.click();
    else take(picked);
  }

  function paste(event: ClipboardEvent): void {
    takeFrom(event, event.clipboardData);
    const link = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (link !== "" && !event.defaultPrevented && !(event.target instanceof HTMLInputElement)) act({ link });
  }

  function takeFrom(event: Event, transfer: DataTransfer | null): void {
    if (transfer === null || transfer.files.length === 0) return;
    event.preventDefault();
    take(readTransfer(transfer));
  }

  function named(testId: string): HTMLElement | null {
    return root.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
  }

  function field(testId: string): HTMLInputElement | null {
    return root.querySelector<HTMLInputElement>(`input[data-testid="${testId}"]`);
  }

  return {
    async released() {
      if (!isHeld) return;
      await new Promise<void>((resolve) => {
        onReleased = resolve;
        setTimeout(resolve, HELD_AT_MOST_MS);
      });
    },
    collect() {
      listening.abort();
      focused = testIdOf(document.activeElement);
      switched = [...root.querySelectorAll<HTMLElement>('[role="switch"][aria-checked="true"]')].map(
        (each) => each.dataset.testid ?? "",
      );
      for (const input of root.querySelectorAll<HTMLInputElement>("input[type=text][data-testid]"))
        if (input.value !== "") typed.set(input.dataset.testid ?? "", input.value);
    },
    replay(now) {
      for (const [testId, value] of typed) type(field(testId), value);
      for (const testId of switched) named(testId)?.click();
      if (focused !== undefined) named(focused)?.focus();
      if (pressed !== undefined) named(pressed)?.click();
      actions = now;
      for (const what of kept.splice(0)) act(what);
    },
  };
}

/** A switch, or the one whose words were pressed. */
function switchAt(target: EventTarget | null): Element | null {
  const label = target instanceof Element ? target.closest("label") : null;
  return label?.querySelector('[role="switch"]') ?? null;
}

/** @returns whether there was something to flip. */
function flip(toggle: Element | null): boolean {
  if (toggle === null) return false;
  const isOn = toggle.getAttribute("aria-checked") !== "true";
  toggle.setAttribute("aria-checked", `${isOn}`);
  for (const part of [toggle, ...toggle.children]) {
    part.toggleAttribute("data-checked", isOn);
    part.toggleAttribute("data-unchecked", !isOn);
  }
  return true;
}

function testIdOf(target: EventTarget | null): string | undefined {
  const named =
    target instanceof Element ? target.closest<HTMLElement>("button, input, [role=switch]") : null;
  return named?.dataset.testid;
}

/** As if the person had typed it: a value that is merely set would go unnoticed. */
function type(input: HTMLInputElement | null, value: string): void {
  if (input === null) return;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")?.set?.call(input, value);
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
