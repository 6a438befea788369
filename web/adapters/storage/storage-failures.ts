/** Turns what the platform throws into the storage errors of the port. */
import { PieceUnreadableError, StorageFailedError, StorageFullError } from "../../ports/piece-store.ts";

export function failStorage(cause: unknown): never {
  if (isNamed(cause, "QuotaExceededError")) throw new StorageFullError("The quota is used up.", { cause });
  throw new StorageFailedError("The browser refuses to store the share.", { cause });
}

export function failUnreadable(cause: unknown): never {
  throw new PieceUnreadableError("The bytes cannot be read.", { cause });
}

/** True for a DOMException of this name. */
export function isNamed(error: unknown, name: string): boolean {
  return error instanceof DOMException && error.name === name;
}
