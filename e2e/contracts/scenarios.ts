/** All that is played against the adapters of a browser, by kind. */
import { SystemClock } from "../../web/adapters/clock.ts";
import { claimsScenarios } from "../../web/ports/claims.contract.ts";
import { libraryScenarios } from "../../web/ports/library.contract.ts";
import { pieceStoreScenarios } from "../../web/ports/piece-store.contract.ts";
import { faultScenarios } from "../../web/ports/piece-store-faults.contract.ts";
import { libraryVersionScenarios } from "./library-versions.ts";
import { opfsScenarios } from "./opfs-scenarios.ts";

export const storeScenarios = [...pieceStoreScenarios, ...faultScenarios(new SystemClock())];

export const titles = {
  pieceStore: [...storeScenarios, ...opfsScenarios].map(({ title }) => title),
  library: [...libraryScenarios, ...libraryVersionScenarios].map(({ title }) => title),
  claims: claimsScenarios.map(({ title }) => title),
};
