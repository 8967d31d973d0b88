import { Fault, isFault } from "../../schemas/ground/index.ts";
import { classOf } from "./addresses.ts";
import type { Caller, Callers, Peer } from "./caller.ts";
import { noPeer, type PeopleDesk, type Visit } from "./desk.ts";
import { addressName, type Limiter, makeLimiter } from "./limiter.ts";
import { checkOrigin, originOf } from "./origin.ts";
import { bearsSession, callerOf, findSession, touchSession } from "./sessions.ts";
import { findByCertificate, findByToken, readToken } from "./tokens.ts";

/** Requests of one proved caller: far above a person's clicks, and of a case system's hurry. */
const callerAllowance = { burst: 600, perSecond: 60 };
const machineAllowance = { burst: 3_000, perSecond: 300 };
/** Beginnings of sign-ins from one address. */
const beginAllowance = { burst: 30, perSecond: 1 };
/** What failed, from one address: people mistype, programs guess. */
const failAllowance = { burst: 20, perSecond: 0.2 };

/** Stands before every way in: counts, and writes down what failed. */
export interface Gate {
  /** @throws {Fault} TOO_MANY_TRIES */
  begin(visit: Visit): void;
  /**
   * Runs one try at signing in. What fails is counted by address and by the name tried, and written down; too many failures of
   * one address and name are answered so, and nobody else's tries are touched. A good try is never refused.
   *
   * @throws {Fault} what `act` threw; TOO_MANY_TRIES
   */
  attempt<T>(visit: Visit, name: string, act: () => Promise<T>): Promise<T>;
}

/** Builds the gate over one desk. */
export function makeGate(desk: PeopleDesk): Gate {
  const begins = makeLimiter(beginAllowance, desk.clock);
  const fails = makeLimiter(failAllowance, desk.clock);
  const noteFailure = async (visit: Visit, fault: Fault): Promise<void> => {
    const address = classOf(visit.peer.address);
    await desk.store.write(() =>
      desk.note({ who: "nobody", act: "SIGNED_IN", outcome: fault.code, address }),
    );
  };
  return {
    begin: ({ peer }) => begins.take(addressName(peer.address)),
    attempt: async (visit, name, act) => {
      try {
        return await act();
      } catch (error) {
        if (isFault(error, "SIGN_IN_REFUSED")) {
          fails.take(`${addressName(visit.peer.address)} ${name.slice(0, 64)}`);
          await noteFailure(visit, error);
        }
        throw error;
      }
    },
  };
}

/**
 * Whether a page asks by itself and no person did: such a request keeps no session from being idle, or a page left open at an
 * unwatched PC would stay signed in all day. Listening is always that, since a browser cannot say of it that it is not.
 */
function isUnattended({ url, headers }: Request): boolean {
  return headers.get("atumpan-unattended") === "1" || new URL(url).pathname === "/v1/events";
}

async function findCaller(desk: PeopleDesk, visit: Visit): Promise<Caller | undefined> {
  const authorization = visit.request.headers.get("authorization");
  const token = readToken(authorization);
  if (token !== undefined) return findByToken(desk, visit, token);
  // whatever else it bears is for the owner's token to judge
  if (authorization !== null) return undefined;
  if (bearsSession(desk, visit)) {
    checkOrigin(visit, originOf(visit, desk.choice.origin));
    const signedIn = findSession(desk, visit);
    if (signedIn === undefined) {
      throw new Fault("NOT_AUTHENTICATED", "the session ended; sign in again");
    }
    if (!isUnattended(visit.request)) await touchSession(desk, signedIn);
    return callerOf(signedIn);
  }
  return findByCertificate(desk, visit);
}

/** Builds what proves callers: a machine's token, a person's session, a machine's client certificate, in this order. */
export function makeCallers(desk: PeopleDesk): Callers {
  const people = makeLimiter(callerAllowance, desk.clock);
  const machines = makeLimiter(machineAllowance, desk.clock);
  const fails = makeLimiter(failAllowance, desk.clock);
  const limiterOf = ({ kind }: Caller): Limiter => (kind === "machine" ? machines : people);
  return {
    who: (request, peer = noPeer) => findCaller(desk, { request, peer }),
    count: (caller, peer: Peer = noPeer) => {
      if (caller === undefined) fails.take(addressName(peer.address));
      // who holds the token stands at the machine and locks out nobody but himself
      else if (caller.kind !== "owner") limiterOf(caller).take(caller.id);
    },
  };
}
