/** A library that lives as long as its object: one for each browser profile of a test. */
import { mergeTotals, NO_TOTALS, type Totals } from "../engine/totals.ts";
import type { KeptRecord, Library } from "./library.ts";

export class MemoryLibrary implements Library {
  readonly #records = new Map<string, KeptRecord>();
  #lifetime: Totals = NO_TOTALS;
  #settings: unknown;

  async list(): Promise<readonly KeptRecord[]> {
    const records = Array.from(this.#records.values(), (record) => structuredClone(record));
    return records.sort((a, b) => a.share.addedAt - b.share.addedAt);
  }

  async get(key: string): Promise<KeptRecord | undefined> {
    const record = this.#records.get(key);
    return record && structuredClone(record);
  }

  async keep(record: KeptRecord): Promise<void> {
    this.#records.set(record.share.key, structuredClone(record));
  }

  async note(key: string, parts: Partial<KeptRecord>): Promise<void> {
    const record = this.#records.get(key);
    if (record !== undefined) this.#records.set(key, structuredClone({ ...record, ...parts }));
  }

  async forget(key: string): Promise<void> {
    this.#records.delete(key);
  }

  async lifetime(): Promise<Totals> {
    return this.#lifetime;
  }

  async addToLifetime(moved: Totals): Promise<Totals> {
    this.#lifetime = mergeTotals(this.#lifetime, moved);
    return this.#lifetime;
  }

  async settings(): Promise<unknown> {
    return structuredClone(this.#settings);
  }

  async keepSettings(settings: unknown): Promise<void> {
    this.#settings = structuredClone(settings);
  }
}
