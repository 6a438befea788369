import { useActions, useAppStore } from "../app-context.tsx";

/**
 * Takes a share off the list with everything that is kept of it. Its link leaves the address as well, or the next
 * reload would open it anew.
 */
export function useForget(): (id: string) => void {
  const store = useAppStore();
  const { commands } = useActions();
  return (id) => {
    const { shown, shares } = store.getState();
    const link = shares.find((share) => share.id === id)?.link;
    commands.forget(id);
    if (shown === id) store.show(undefined);
    if (location.hash.length > 1 && link?.endsWith(location.hash))
      history.replaceState(history.state, "", location.pathname);
  };
}
