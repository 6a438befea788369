/**
 * Page side: asks the browser not to delete what is stored here by itself. Chromium decides in silence, Firefox
 * asks the person: so only once, and only when there is something to keep.
 */
const ASKED = "shoal-asked-to-persist";

/** To be called when a download begins. Never rejects. */
export async function askToPersist(): Promise<void> {
  try {
    if (localStorage.getItem(ASKED) !== null || (await navigator.storage.persisted())) return;
    localStorage.setItem(ASKED, "yes");
    await navigator.storage.persist();
  } catch {
    // A private window refuses either; there is nothing that would last anyway.
  }
}
