/** What this browser remembers of the person's taste. Private windows may refuse: then it lasts as long as the tab. */

type Preference = "theme" | "language" | "notifications";

export function storePreference(name: Preference, value: string): void {
  try {
    localStorage.setItem(keyOf(name), value);
  } catch {
    return;
  }
}

/** @param values that are known; anything else counts as nothing. */
export function readPreference<Value extends string>(
  name: Preference,
  values: readonly Value[],
): Value | undefined {
  try {
    const stored = localStorage.getItem(keyOf(name));
    return values.find((value) => value === stored);
  } catch {
    return undefined;
  }
}

/** Calls `changed` when another tab has chosen something else. @returns what ends that. */
export function watchPreference(name: Preference, changed: () => void): () => void {
  const look = ({ key }: StorageEvent) => {
    if (key === keyOf(name)) changed();
  };
  window.addEventListener("storage", look);
  return () => window.removeEventListener("storage", look);
}

function keyOf(name: Preference): string {
  return `shoal.${name}`;
}
