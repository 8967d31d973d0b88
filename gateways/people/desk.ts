import type { Chance, Clock, Log } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import type { Peer } from "./caller.ts";
import type { PeopleChoice } from "./choice.ts";

/** What people and machines do here that is written down: acts of the audit record. */
export type PeopleAct =
  | "SIGNED_IN"
  | "SIGNED_OUT"
  | "PROVED"
  | "SESSION_ENDED"
  | "PERSON_INVITED"
  | "PERSON_ENROLLED"
  | "PERSON_CHANGED"
  | "PERSON_REMOVED"
  | "PASSKEY_ADDED"
  | "PASSKEY_REMOVED"
  | "MACHINE_ADDED"
  | "MACHINE_CHANGED"
  | "MACHINE_REMOVED"
  | "TOKEN_GIVEN"
  | "CHANGE_ASKED"
  | "CHANGE_DECIDED";

/** One line for the audit record: who did what to whom. Ids and codes, never names, never secrets. */
export interface PeopleNote {
  /** Id of the caller; `nobody` of who was not proved. */
  readonly who: string;
  readonly act: PeopleAct;
  /** Id of the person, machine, session or change it was done to. */
  readonly object?: string | undefined;
  /** OK when left out, or the code of a fault. */
  readonly outcome?: string | undefined;
  /** LOCAL, PRIVATE or PUBLIC. */
  readonly address?: string | undefined;
}

/** What everything of this room works with. */
export interface PeopleDesk {
  readonly store: Store;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly choice: PeopleChoice;
  /** Called inside `write`, so that the line and the act are on the disk together, or neither. */
  readonly note: (line: PeopleNote) => void;
}

/** One request of somebody, proved or not. */
export interface Visit {
  readonly request: Request;
  readonly peer: Peer;
}

/** What is known of a connection when nothing is: requests that came by no socket. */
export const noPeer: Peer = { address: "", isTls: false };
