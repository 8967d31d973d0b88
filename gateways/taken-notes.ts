import { keepTaken, readPlace } from "./exchange/index.ts";
import type { Store } from "./store/index.ts";

/** Keeps which places of the hub's streams were given to us. */
export interface TakenNotes {
  /** The store; each write of it keeps what was noted before. */
  readonly store: Store;
  /** Notes where something stood, by the subjects its acknowledgements go to; before it is stored. */
  note(batch: readonly { readonly reply: string }[]): void;
  /**
   * Keeps what no write kept yet; before it is acknowledged. What was there already causes no write, and the hub would have
   * our word for more than this store knows of: at the next start that looks like a store that somebody put back.
   */
  keep(): Promise<void>;
  /** The highest place of a stream that was noted since the link rose, kept or not; 0 for none. */
  given(stream: string): number;
  /** The link rose: what stands behind it may be another instance of each stream. */
  rise(): void;
}

function raise(places: Map<string, number>, at: { readonly stream: string; readonly sequence: number }): void {
  if (at.sequence > (places.get(at.stream) ?? 0)) places.set(at.stream, at.sequence);
} // prettier-ignore

/** Builds the notes over a store. They cost no write of their own, and stay noted until a write kept them. */
export function makeTakenNotes(store: Store): TakenNotes {
  const noted = new Map<string, number>();
  const given = new Map<string, number>();
  const write: Store["write"] = async (act) => {
    if (noted.size === 0) return await store.write(act);
    const kept = new Map(noted);
    const result = await store.write(() => {
      keepTaken(store, kept);
      return act();
    });
    for (const [stream, sequence] of kept) {
      if (noted.get(stream) === sequence) noted.delete(stream);
    }
    return result;
  };
  return {
    store: { ...store, write },
    note: (batch) => {
      for (const { reply } of batch) {
        const place = readPlace(reply);
        if (place === undefined) continue;
        raise(noted, place);
        raise(given, place);
      }
    },
    keep: () => (noted.size === 0 ? Promise.resolve() : write(() => undefined)),
    given: (stream) => given.get(stream) ?? 0,
    rise: () => given.clear(),
  };
}
