import { type ReadonlySignal, signal } from "@preact/signals";

/** Where in the console one is: the pieces of the path behind `#/`, and what is asked. */
export interface Place {
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

function readPlace(): Place {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const pieces = path.split("/").filter((piece) => piece !== "");
  return { path: pieces.length === 0 ? ["home"] : pieces, query: new URLSearchParams(query) };
}

const state = signal<Place>(readPlace());

/** Where one is; links and the browser's Back lead on. */
export const place: ReadonlySignal<Place> = state;

/** Follows the address from now on. */
export function followAddress(): void {
  addEventListener("hashchange", () => {
    state.value = readPlace();
  });
}

/** The address of a place. */
export function hrefOf(path: string, query: Readonly<Record<string, string>> = {}): string {
  const asked = new URLSearchParams(query).toString();
  return asked === "" ? `#/${path}` : `#/${path}?${asked}`;
}

/** Goes there. */
export function go(path: string, query: Readonly<Record<string, string>> = {}): void {
  location.hash = hrefOf(path, query);
}
