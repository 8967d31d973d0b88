import type { Bytes, Chance, Clock, Fault, Log } from "../../schemas/ground/index.ts";
import type { Exchange } from "../exchange/index.ts";
import type { Caller, Callers, Peer } from "../people/index.ts";
import type { CallRecord } from "./audit-call.ts";
import type { Directory } from "./directory.ts";
import type { EventStreams } from "./events.ts";
import type { Services } from "./services.ts";

/** One request, after its host, who asks and his role were found good. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  /** The named pieces of the path, decoded; written by the caller. */
  readonly params: Readonly<Record<string, string>>;
  readonly traceId: string;
  /** Who asks; of open routes nobody. */
  readonly caller: Caller;
  /** The other end of the connection it came by. */
  readonly peer: Peer;
  /** What content is read for, a code of PURPOSE; always there where the route reads content. */
  readonly purpose?: string | undefined;
  /** The line of the audit record that this call becomes. */
  readonly record: CallRecord;
}

/** What handlers work with. */
export interface Desk {
  readonly exchange: Exchange;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly streams: EventStreams;
  readonly tokenDigest: Bytes;
  /** The ways people and machines prove who they are, beside the token. */
  readonly callers?: Callers | undefined;
  readonly services?: Services | undefined;
  /** What the owner of the token reads for when he does not say; INVESTIGATION when left out, NONE that he must say. */
  readonly ownerPurpose?: string | undefined;
  readonly hostNames: ReadonlySet<string>;
  /** Told of every INTEGRITY_* fault: the process must not go on. */
  readonly onFatal: (fault: Fault) => void;
}

/** Answers one call, or throws a Fault that becomes a problem. */
export type Handler = (desk: Desk, call: Call) => Response | Promise<Response>;

/** An answer in JSON. */
export function renderAnswer(value: unknown, init: ResponseInit = {}): Response {
  const headers = new Headers(init.headers);
  headers.set("content-type", "application/json");
  return new Response(JSON.stringify(value), { ...init, headers });
}
