import type { Bytes, Chance, Clock, Fault, Log } from "../schemas/ground/index.ts";
import type { KeySigner, SealingKey } from "../certs/keys/index.ts";
import type { RenewalPlace } from "../certs/renewal/index.ts";
import type { Anchors } from "../certs/trust/index.ts";
import type { FourEyesChoice } from "./approval/index.ts";
import type { CanaryChoice } from "./canary/index.ts";
import type { OfficeTranslation } from "./exchange/index.ts";
import type { Ceiling } from "./release/index.ts";

/** A sealing key and the certificate (DER) others seal to. */
export interface SealingPair {
  readonly key: SealingKey;
  readonly certificate: Bytes;
}

/** What a gateway is started with. */
export interface GatewayOptions {
  readonly agency: string;
  /** Its own folder: the store and the register lie there. */
  readonly dir: string;
  /** Of an encrypted store; the caller erases it once the gateway runs. */
  readonly storeKey?: Bytes | undefined;
  /** A register to begin with; the newer of this and the one in the folder counts. */
  readonly register?: Bytes | undefined;
  readonly anchors: Anchors;
  /** Where newer registers are looked for besides the hub. */
  readonly registerUrls?: readonly string[] | undefined;
  /** What it signs with; which of its keys is chosen is the register's word. */
  readonly signer: KeySigner;
  readonly moreSigners?: readonly KeySigner[] | undefined;
  /** Newest first; older ones still open what was sealed to them. */
  readonly sealing: readonly SealingPair[];
  readonly link: { readonly certificatePem: string; readonly keyPem: string };
  /** In place of the URLs the register gives for the hub. */
  readonly hubUrls?: readonly string[] | undefined;
  /** Where its certificates are renewed; without it the keys above are all it ever uses. */
  readonly renewal?: RenewalPlace | undefined;
  /** None unless the operator chose a service. */
  readonly translation?: OfficeTranslation | undefined;
  /** Whether all leaves of the hub's log are read, to find what others send in our name. */
  readonly monitor?: "on" | "off" | undefined;
  /** Whether this is a seat of oversight: all leaves of the hub's log are counted, from the first on. */
  readonly oversight?: "on" | "off" | undefined;
  /** Whether senders are told when their messages are opened here; so unless the operator says no. */
  readonly tellOpened?: boolean | undefined;
  /** What this deployment may carry; all that is unclassified when left out. */
  readonly ceiling?: Ceiling | undefined;
  /** What takes two officers; the usual, once there is an approver, when left out. */
  readonly fourEyes?: FourEyesChoice | undefined;
  /** How often canaries are sent, and waited for; none when left out. */
  readonly canary?: CanaryChoice | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Called with an INTEGRITY_* fault: the process must not go on. */
  readonly onFatal?: ((fault: Fault) => void) | undefined;
}
