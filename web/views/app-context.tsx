/** What every component may ask for: a part of the store, the actions, the text. */
import { createContext, type ReactNode, useContext } from "react";
import { useStore } from "zustand";
import type { AppState, AppStore } from "../store/app-store.ts";
import type { Actions } from "./actions.ts";
import type { Text } from "./text/en.ts";

interface AppContextValue {
  readonly store: AppStore;
  readonly actions: Actions;
  readonly text: Text;
}

const AppContext = createContext<AppContextValue | undefined>(undefined);

export function AppProvider({ children, ...value }: AppContextValue & { readonly children: ReactNode }) {
  return <AppContext value={value}>{children}</AppContext>;
}

function useContextValue(): AppContextValue {
  const value = useContext(AppContext);
  if (value === undefined) throw new Error("a view stands outside of AppProvider");
  return value;
}

/** @param selector returns a part whose identity changes only when it does. */
export function useApp<Part>(selector: (state: AppState) => Part): Part {
  return useStore(useContextValue().store, selector);
}

/** For what a person does; what is drawn comes through `useApp`. */
export function useAppStore(): AppStore {
  return useContextValue().store;
}

export function useActions(): Actions {
  return useContextValue().actions;
}

export function useText(): Text {
  return useContextValue().text;
}
