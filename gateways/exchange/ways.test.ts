import { describe, expect, it } from "vitest";

import {
  bodyCodecs,
  type Hub,
  type Mandate,
  parseBody,
  type RelayAgreement,
} from "../../schemas/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { nominateAll, silentState, viewOf } from "../../test/kit/register-draw.ts";
import { agency } from "../../test/kit/small-region.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import { checkWays } from "./ways.ts";

const west: Hub = { hub: "au/hub-west", urls: [], recs: ["ecowas"] };
const south: Hub = { hub: "au/hub-south", urls: [], recs: ["sadc"] };
const agreement: RelayAgreement = {
  agreementRef: "R1", relay: "ao/tcu", hubs: [west.hub, south.hub], parties: [], types: ["*"], handlingUpTo: "H2", from: 0,
}; // prettier-ignore

const right = (holder: string, scope: string): Mandate => {
  return { agency: holder, action: "READ", scope, types: ["*"], crimes: ["*"], handlingUpTo: "H1", from: 0 };
}; // prettier-ignore

function register(): RegisterView {
  const states = Object.fromEntries(
    ["ng", "gh", "za", "ao"].map((one) => [one, { ...silentState, agencies: [agency(`${one}/tcu`)] }]),
  );
  const mandates = [right("ng/tcu", "ecowas"), right("gh/tcu", "ecowas"), right("za/tcu", "sadc"), right("ao/tcu", "sadc")];
  const bare = { recs: ["ecowas", "sadc"], memberships: [], mandates, states };
  return { ...viewOf(nominateAll(bare)), hubs: [west, south], relays: [agreement] };
} // prettier-ignore

const type = "request.information";
const digest = new Uint8Array(32);
const spoken = { digest, role: "REPORT", mediaType: "image/png", size: 9 };
const carried = { ...spoken, key: digest, manifest: digest };

function refusalOf(to: readonly string[], attachments: readonly object[], scope = "DIRECT"): string {
  const usual = parseBody(type, exampleNow(type, 1_780_272_000_000).body);
  const bodyBytes = bodyCodecs[type].encode({ ...usual, attachments } as never);
  const office = { register, agency: "ng/tcu", clock: { now: () => 5 } } as never;
  try {
    checkWays(office, { header: { scope, handling: "H1" }, audience: to, type, bodyBytes } as never);
    return "taken";
  } catch (error) {
    const { code, detail } = toFault(error, "INTERNAL");
    return `${code} ${detail}`;
  }
} // prettier-ignore

describe("files beside mail", () => {
  it("are refused where one reader is reached by a relay alone, and the refusal names him and the relay", () => {
    const said = refusalOf(["gh/tcu", "za/tcu"], [carried]);
    expect(said).toMatch(/^RELAY_FILES /);
    expect(said).toContain("za/tcu goes by ao/tcu");
  });

  it("go where all share a hub with the sender, and one that is only spoken of goes anywhere", () => {
    expect(refusalOf(["gh/tcu"], [carried])).toBe("taken");
    expect(refusalOf(["gh/tcu", "za/tcu"], [spoken])).toBe("taken");
    expect(refusalOf(["za/tcu"], [])).toBe("taken");
  });

  it("say nothing of a feed, which no relay carries", () => {
    expect(refusalOf(["za/tcu"], [carried], "FEED")).toBe("taken");
  });
});
