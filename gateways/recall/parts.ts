import type { Bytes, Chance, Clock, Log } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { Terms } from "../../schemas/work/index.ts";
import type { Exchange } from "../exchange/index.ts";
import type { Store } from "../store/index.ts";

/** What recall, retention and holds work with. */
export interface RecallParts {
  readonly agency: string;
  readonly store: Store;
  readonly signer: Pick<Signer, "sign">;
  readonly exchange: Pick<Exchange, "submit">;
  readonly register: () => RegisterView;
  readonly terms: () => Terms;
  /** The hubs whose streams our messages stand in; none where there is none. */
  readonly hubs: () => readonly string[];
  /** Has a hub take messages of ours out of its streams, the first where none is named; undefined when it does not answer. */
  readonly askErase: (order: Bytes, hub?: string) => Promise<Bytes | undefined>;
  /** Hands a receipt to a hub for another agency; false where it is not in reach. */
  readonly tell?: (hub: string, subject: string, receipt: Bytes) => boolean;
  /** The gateway's own folder, where files beside messages lie. */
  readonly dir: string;
  /** How long backups are kept at most; what was erased is in none of them after it. */
  readonly backupDays: number;
  /** Whether this clock stands where it should: by a wrong one nothing goes. */
  readonly isClockRight: () => boolean;
  /** Tells whoever watches that messages moved on. */
  readonly changed: (messages: readonly number[]) => void;
  /** Adds a line to the record, inside the write that is under way. */
  readonly record: (act: "MESSAGE_ERASED" | "RECALL_ANSWERED" | "HUB_ERASED", object: string, outcome?: string) => void;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
} // prettier-ignore
