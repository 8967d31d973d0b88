import { Fault, parseUuid } from "../../schemas/ground/index.ts";
import type { StoredView } from "../store/index.ts";
import type { Colleague, ColleagueParts } from "./desk.ts";

/** A list as it is to be kept. */
export interface ViewText {
  readonly name: string;
  readonly isShared: boolean;
  /** JSON: the parameters of a list, found good. */
  readonly query: string;
}

/** Lists that are kept under a name. */
export interface ViewDesk {
  /** One's own and the shared ones, by their names. */
  list(caller: Colleague): readonly StoredView[];
  /** Keeps one, new or changed. @throws {Fault} ID_INVALID, NOT_FOUND for another's, REQUEST_TOO_LARGE for too many */
  put(caller: Colleague, id: string, text: ViewText): Promise<{ readonly view: StoredView; readonly created: boolean }>;
  /** @throws {Fault} ID_INVALID, NOT_FOUND */
  remove(caller: Colleague, id: string): Promise<void>;
} // prettier-ignore

const maxOwn = 60;
const maxListed = 300;

/** Another's, shared or not, is changed by nobody else; a stranger's id and one that is not there are answered alike. */
function findOwn({ store }: ColleagueParts, { id: owner }: Colleague, id: string): StoredView | undefined {
  parseUuid(id);
  const found = store.views.get(id);
  if (found === undefined || found.owner === owner) return found;
  throw new Fault("NOT_FOUND", "no view of yours has this id");
} // prettier-ignore

/** Builds the desk. */
export function makeViewDesk(parts: ColleagueParts): ViewDesk {
  const { store, clock } = parts;
  const { views } = store;
  return {
    list: (caller) => views.list(caller.id, maxListed),
    put: (caller, id, text) =>
      store.write(() => {
        const before = findOwn(parts, caller, id);
        if (before === undefined && views.count(caller.id) >= maxOwn) {
          throw new Fault("REQUEST_TOO_LARGE", `you keep ${maxOwn} views; remove one first`);
        }
        const view = { id, owner: caller.id, ...text, changedAt: clock.now() };
        views.put(view);
        return { view, created: before === undefined };
      }),
    remove: (caller, id) =>
      store.write(() => {
        if (findOwn(parts, caller, id) === undefined) {
          throw new Fault("NOT_FOUND", "no view of yours has this id");
        }
        views.remove(id);
      }),
  };
}
