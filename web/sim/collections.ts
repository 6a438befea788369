/**
 * Counts what every Map, Set and array holds that can be reached from an object, private fields included: what a
 * debugger sees. For tests that hold a long-lived object to bounded state, whatever is added to it later.
 */
import { type Runtime, Session } from "node:inspector";

const HANDLE = "collections under test";
/** How many fields deep the walk goes, which ends it where objects know each other. */
const DEPTH = 7;
const COLLECTIONS = new Set(["map", "set", "array"]);

/** Most entries of any collection at each path; `*` stands for the entries of a map, a set or an array. */
export function collectionSizes(root: object): ReadonlyMap<string, number> {
  const session = new Session();
  session.connect();
  Object.assign(globalThis, { [HANDLE]: root });
  const sizes = new Map<string, number>();
  try {
    const expression = `globalThis[${JSON.stringify(HANDLE)}]`;
    session.post("Runtime.evaluate", { expression, objectGroup: HANDLE }, (_, { result }) =>
      walk(session, result, "", 0, sizes),
    );
    session.post("Runtime.releaseObjectGroup", { objectGroup: HANDLE });
  } finally {
    Reflect.deleteProperty(globalThis, HANDLE);
    session.disconnect();
  }
  return sizes;
}

/** Node's types leave the private fields out. */
type Properties = Runtime.GetPropertiesReturnType & {
  readonly privateProperties?: readonly { readonly name: string; readonly value?: Runtime.RemoteObject }[];
};

/** Answers of a session to its own thread come before `post` returns. */
function walk(
  session: Session,
  value: Runtime.RemoteObject,
  path: string,
  depth: number,
  sizes: Map<string, number>,
): void {
  const { type, subtype, objectId } = value;
  if (type !== "object" || objectId === undefined || depth > DEPTH) return;
  const isCollection = subtype !== undefined && COLLECTIONS.has(subtype);
  if (subtype !== undefined && !isCollection) return;
  session.post("Runtime.getProperties", { objectId, ownProperties: true }, (error, found: Properties) => {
    if (error !== null) throw error;
    const fields = [...found.result, ...(found.privateProperties ?? [])].flatMap(({ name, value: field }) =>
      field === undefined || name === "__proto__" ? [] : [{ name, field }],
    );
    if (!isCollection) {
      for (const { name, field } of fields) walk(session, field, `${path}.${name}`, depth + 1, sizes);
      return;
    }
    const entries =
      subtype === "array"
        ? fields.filter(({ name }) => name !== "length").map(({ field }) => field)
        : entriesOf(session, found.internalProperties);
    sizes.set(path, Math.max(sizes.get(path) ?? 0, entries.length));
    for (const entry of entries.slice(0, LOOKED_INTO)) walk(session, entry, `${path}.*`, depth + 1, sizes);
  });
}

/** Entries of one collection that are looked into: the others are alike. */
const LOOKED_INTO = 20;

/** Values of a map, members of a set. */
function entriesOf(
  session: Session,
  internal: readonly Runtime.InternalPropertyDescriptor[] | undefined,
): Runtime.RemoteObject[] {
  const list = internal?.find(({ name }) => name === "[[Entries]]")?.value?.objectId;
  if (list === undefined) return [];
  const entries: Runtime.RemoteObject[] = [];
  session.post("Runtime.getProperties", { objectId: list, ownProperties: true }, (error, found) => {
    if (error !== null) throw error;
    for (const { name, value } of found.result) {
      if (name === "length" || value?.objectId === undefined) continue;
      session.post("Runtime.getProperties", { objectId: value.objectId, ownProperties: true }, (_, entry) => {
        const held = entry.result.find((property) => property.name === "value")?.value;
        if (held !== undefined) entries.push(held);
      });
    }
  });
  return entries;
}
