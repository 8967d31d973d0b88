import { type FaultCode, faults, toFault } from "../../schemas/ground/index.ts";
import type { AuditAct, AuditEntry } from "../audit/index.ts";
import { type Caller, classOf, type Peer } from "../people/index.ts";
import type { Desk } from "./call.ts";
import type { Route } from "./route.ts";

/** What one call becomes in the audit record: one line, before it is answered. */
export interface CallRecord {
  /** What it is about, where the path does not say it. */
  about(object: string): void;
  /** What it came to be, where that is not what its route says. */
  as(act: AuditAct): void;
  /** How many it was about, such as the rows of a list. */
  count(rows: number): void;
  /** SHA-256 of what is about to be given, in hexadecimal. */
  digest(hex: string): void;
  /** The content of this message is about to be given; its sender is told. */
  opened(message: string): void;
  /** What it was read for, once that is known. */
  readFor(purpose: string | undefined): void;
  /** Inside the write of the act itself: the line is kept exactly when the act is. */
  keep(object?: string): void;
  /** It was only tried: no line says that it was done. */
  tried(): void;
}

/** The record of one call while it is answered; app.ts settles it. */
export interface OpenCallRecord extends CallRecord {
  /** Resolves when the line is on the disk. @throws {Fault} STORE_WRITE_FAILED */
  settle(): Promise<void>;
  /** Writes down that it was refused, where that says something of who asked. */
  refuse(code: FaultCode): Promise<void>;
}

/** Who asks for what, from where. */
export interface CallMade {
  readonly route: Route;
  readonly caller: Caller;
  readonly params: Readonly<Record<string, string>>;
  readonly peer?: Peer | undefined;
}

/** The class of an address; the address itself is nothing to keep. */
export function addressClassOf(address = ""): string {
  return address === "" ? "" : classOf(address);
}

/** Refusals that say something of who asked: he was not to, or there was nothing for him. */
function isTelling(code: FaultCode): boolean {
  const { status } = faults[code];
  return status === 403 || status === 404 || code.startsWith("PURPOSE_");
}

/** Starts the record of a call. Without an audit record, as in tests of single handlers, nothing is written. */
export function makeCallRecord(
  desk: Desk,
  { route, caller, params, peer }: CallMade,
): OpenCallRecord {
  const audit = desk.services?.audit;
  const opened: string[] = [];
  let purpose: string | undefined;
  let object = params["id"];
  let rows: number | undefined;
  let digest: string | undefined;
  let isSettled = false;
  let act = route.act;
  const entryOf = (outcome: string): AuditEntry => {
    const asked = { who: caller.id, act: act ?? "REFUSED", object, purpose, outcome };
    return { ...asked, address: addressClassOf(peer?.address), count: rows, digest };
  };
  const add = (): void => {
    if (audit === undefined) return;
    audit.add(entryOf("OK"));
    for (const id of opened) desk.exchange.opened(id, caller.id);
  };
  return {
    about: (id) => void (object = id),
    as: (other) => void (act = other),
    count: (said) => void (rows = said),
    digest: (hex) => void (digest = hex),
    opened: (id) => void opened.push(id),
    readFor: (code) => void (purpose = code),
    keep: (id = object) => {
      object = id;
      if (route.act === undefined) return;
      add();
      isSettled = true;
    },
    tried: () => void (isSettled = true),
    settle: async () => {
      if (route.act === undefined || audit === undefined || isSettled) return;
      await audit.inWrite(add);
    },
    refuse: async (code) => {
      if (audit === undefined || !isTelling(code)) return;
      try {
        await audit.note(entryOf(code));
      } catch (error) {
        // nothing was given: the refusal stands, and the log says what is missing
        desk.log.error("a refusal is not recorded", { code: toFault(error, "INTERNAL").code });
      }
    },
  };
}
