import { Fault } from "../../schemas/ground/index.ts";
import {
  type Caller,
  type Callers,
  handlingOf,
  owner,
  type PeopleService,
  rolesOf,
} from "../people/index.ts";

/** Where machines are found: the people of the gateway, while its store is open. */
export type FindPeople = () => Pick<PeopleService, "machines"> | undefined;

/**
 * Who the drop is to the API. A request is the drop's own when it is one of the very objects that it made: nothing that
 * comes over a connection can be one.
 */
export interface DropDoor {
  /** The callers of the API, and the drop beside them. */
  beside(inner: Callers | undefined): Callers;
  /** Marks a request as the drop's own. */
  own(request: Request): Request;
}

function machineOf(people: ReturnType<FindPeople>, id: string): Caller {
  const machine = people?.machines().find((one) => one.id === id);
  if (machine === undefined) {
    throw new Fault("NOT_AUTHENTICATED", "drop.as names no machine that is let in");
  }
  const { name, roles, handlingUpTo, purpose } = machine;
  return {
    id: `machine:${id}`,
    kind: "machine",
    name,
    roles: rolesOf(roles),
    handlingUpTo: handlingOf(handlingUpTo),
    purpose,
  };
}

/** Builds the door. Whom it leads in as is asked at every request, so a machine that was removed is out at once. */
export function makeDropDoor(as: string, findPeople: FindPeople): DropDoor {
  const own = new WeakSet<Request>();
  const callers = new WeakSet<Caller>();
  const callerOf = (): Caller => {
    const caller = as === "owner" ? { ...owner } : machineOf(findPeople(), as);
    callers.add(caller);
    return caller;
  };
  return {
    beside: (inner) => ({
      who: async (request, peer) =>
        own.has(request) ? callerOf() : await inner?.who(request, peer),
      count: (caller, peer) => {
        // a folder with ten thousand files is no storm: the drop asks one thing at a time
        if (caller === undefined || !callers.has(caller)) inner?.count?.(caller, peer);
      },
    }),
    own: (request) => {
      own.add(request);
      return request;
    },
  };
}
