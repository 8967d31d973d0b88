import { describe, expect, it } from "vitest";

import type { Hub, Mandate, Receipt, RelayAgreement } from "../../schemas/index.ts";
import { renderDirectChannel } from "../../schemas/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import { currentMailboxKey, mailboxOf, type RegisterView } from "../../certs/trust/index.ts";
import { nominateAll, silentState, viewOf } from "../../test/kit/register-draw.ts";
import { agency } from "../../test/kit/small-region.ts";
import { checkBrought } from "./brought.ts";

const day = 86_400_000;
const now = 1_780_272_000_000;
const west: Hub = { hub: "au/hub-west", urls: [], recs: ["ecowas"] };
const south: Hub = { hub: "au/hub-south", urls: [], recs: ["sadc"] };
const [sender, reader, relay] = ["ng/tcu", "za/tcu", "ao/tcu"];

const right = (holder: string, scope: string): Mandate => {
  return { agency: holder, action: "READ", scope, types: ["*"], crimes: ["*"], handlingUpTo: "H1", from: 0 };
}; // prettier-ignore

function viewWith(differs: Partial<RelayAgreement> = {}): RegisterView {
  const states = Object.fromEntries(
    ["ng", "za", "ao", "ke"].map((one) => [one, { ...silentState, agencies: [agency(`${one}/tcu`)] }]),
  );
  const mandates = [right(sender, "ecowas"), right(reader, "sadc"), right(relay, "sadc"), right("ke/tcu", "sadc")];
  const agreement = { agreementRef: "R1", relay, hubs: [west.hub, south.hub], parties: [], types: ["*"], handlingUpTo: "H2", from: 0, ...differs };
  const bare = { recs: ["ecowas", "sadc"], memberships: [], mandates, states };
  const view = viewOf(nominateAll(bare));
  return { ...view, mailboxKeys: [{ key: Buffer.alloc(32, 3), from: 0 }], hubs: [west, south], relays: [agreement] };
} // prettier-ignore

const view = viewWith();
const mailbox = (of: string): string =>
  renderDirectChannel(mailboxOf(currentMailboxKey(view.mailboxKeys, now), of));

const mailboxes = new Map(
  [reader, relay, "ke/tcu"].map((of) => [mailbox(of).slice("direct.".length), of]),
);

interface Told {
  readonly by?: string;
  readonly issuer?: string;
  readonly channel?: string;
  readonly chunk?: boolean;
  readonly hub?: string;
}

function codeOf(register: RegisterView, { by = relay, issuer = sender, channel = mailbox(reader), chunk = false, hub = south.hub }: Told = {}): string {
  const digest = new Uint8Array(32);
  const chunks = chunk ? [{ digest }] : [];
  const erasures = { messages: [{ messageId: digest.subarray(0, 16), envelopeDigest: digest, channel }], chunks };
  const receipt = { issuer, recipient: hub, erasures } as unknown as Receipt;
  try {
    checkBrought(register, { origin: by, hub, receipt, mailboxes }, now);
    return "brought";
  } catch (error) {
    return toFault(error, "INTERNAL").code;
  }
} // prettier-ignore

describe("an order to erase that a relay brings", () => {
  it("is its sender's, about mail that this relay is named for", () => {
    expect(codeOf(view)).toBe("brought");
  });

  it("may be brought for thirty days after the agreement ended or was suspended", () => {
    expect(codeOf(viewWith({ until: now }))).toBe("brought");
    expect(codeOf(viewWith({ suspendedFrom: now - 30 * day + 1 }))).toBe("brought");
    expect(codeOf(viewWith({ until: now - 30 * day }))).toBe("RELAY_NOT_AGREED");
    expect(codeOf(viewWith({ from: now + 1 }))).toBe("RELAY_NOT_AGREED");
  });

  it.each<[string, Told, string]>([
    ["by one who is no relay here", { by: "ke/tcu" }, "ORIGIN_MISMATCH"],
    ["of one who is linked to this hub himself", { issuer: "ke/tcu" }, "RELAY_INVALID"],
    ["about files", { chunk: true }, "RELAY_INVALID"],
    ["about a feed", { channel: "sadc.drugs.h1.alert.incident" }, "RELAY_INVALID"],
    [
      "about mail to the relay itself, which no relay brings",
      { channel: mailbox(relay) },
      "RELAY_NOT_AGREED",
    ],
    [
      "about a mailbox that nobody has",
      { channel: "direct.aaaaaaaaaaaaaaaaaaaaaaaaaa" },
      "RELAY_NOT_AGREED",
    ],
    ["at the hub that the mail came from", { hub: west.hub }, "RELAY_INVALID"],
  ])("is refused: %s", (_what, told, code) => {
    expect(codeOf(view, told)).toBe(code);
  });

  it("is refused where the agreement is of other states, or between other hubs", () => {
    expect(codeOf(viewWith({ parties: ["ng", "ke"] }))).toBe("RELAY_NOT_AGREED");
    expect(codeOf(viewWith({ hubs: [south.hub, "au/hub-east"] }))).toBe("RELAY_NOT_AGREED");
  });
});
