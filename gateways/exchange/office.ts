import type { Chance, Clock, Log } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { OpeningKey } from "../crypto/index.ts";
import type { HubBlobs } from "../link/index.ts";
import type { Store } from "../store/index.ts";
import type { Departures } from "./departures.ts";
import type { KeysInMaking } from "./keys/feed-key.ts";
import type { Proofs } from "../proofs/index.ts";
import type { PinDesk } from "./pins.ts";
import type { Ceiling } from "../release/index.ts";
import type { Translator } from "../translation/index.ts";
import type { TwoOfficersCase } from "./two-officers.ts";

/** The translation service the operator chose, and of what it may be asked. */
export interface OfficeTranslation {
  readonly translator: Translator;
  /** The handling codes of messages whose texts it may see, the strictest last; no other is given to it. */
  readonly handlings: readonly string[];
}

/** What everything a gateway does works with. */
export interface Office {
  readonly agency: string;
  readonly store: Store;
  readonly signer: Signer;
  readonly keys: readonly OpeningKey[];
  /** The register in force now. */
  register(): RegisterView;
  /** Which sealing keys of others are sealed to. */
  readonly pins: PinDesk;
  /** Audience keys that are being made at this moment; empty at the start. */
  readonly keysInMaking: KeysInMaking;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** None unless the operator chose one. */
  readonly translation?: OfficeTranslation | undefined;
  /** Chunks of files at the hub; none for who has no link. Its calls fault while the hub is out of reach. */
  readonly blobs?: HubBlobs | undefined;
  /** Whether senders are told that we opened their messages; so unless the operator says no. */
  readonly tellOpened?: boolean | undefined;
  /** What this deployment may carry; all that is unclassified when left out. */
  readonly ceiling?: Ceiling | undefined;
  /** Why a draft takes two officers; nothing, or left out: one is enough. */
  readonly fourEyes?: ((draft: TwoOfficersCase) => readonly string[]) | undefined;
  /** What proves that all of it stands in the hub's log; nothing is proved when left out. */
  readonly proofs?: Pick<Proofs, "place" | "saw" | "heard" | "noteFor"> | undefined;
  /** What may have left this machine; left out nothing can, as there is no link. */
  readonly departures?: Departures | undefined;
  /** Tells whoever watches that messages (by place in the store) were stored or moved on. */
  changed(messages: readonly number[]): void;
}
