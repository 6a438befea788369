/**
 * Parts of the interface that are fetched when they are first needed, so that Home is there at once.
 *
 * React's own `lazy` holds back what has arrived for 300 ms once it has shown a fallback, which would be seen
 * by everybody who opens a link.
 */
import { type ComponentType, type ReactNode, useEffect, useState } from "react";

/** The server may be away for a moment; what is waited for shows that it is being fetched until then. */
const TRY_AGAIN_MS = 3_000;

/**
 * @param load fetches the module. @param pick takes the component out of it.
 * @param fallback shown until it is here.
 */
export function later<Module, Props extends object>(
  load: () => Promise<Module>,
  pick: (module: Module) => ComponentType<Props>,
  fallback: ReactNode = null,
): ComponentType<Props> {
  let fetched: ComponentType<Props> | undefined;
  return function Later(props: Props) {
    const [Part, setPart] = useState<ComponentType<Props> | undefined>(() => fetched);
    useEffect(() => {
      if (Part !== undefined) return;
      let isGone = false;
      void untilItWorks(load).then((module) => {
        fetched = pick(module);
        if (!isGone) setPart(() => fetched);
      });
      return () => {
        isGone = true;
      };
    }, [Part]);
    return Part === undefined ? fallback : <Part {...props} />;
  };
}

async function untilItWorks<Module>(load: () => Promise<Module>): Promise<Module> {
  for (;;) {
    try {
      return await load();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MS));
    }
  }
}
