import { describe, expect, it } from "vitest";

import { type Mandate, renderDirectChannel } from "../../schemas/index.ts";
import { toFault } from "../../schemas/ground/index.ts";
import {
  currentMailboxKey,
  findMailHub,
  hubsOf,
  mailboxOf,
  type RegisterView,
} from "../../certs/trust/index.ts";
import { agency } from "../../test/kit/small-region.ts";
import { type BareState, nominateAll, silentState, viewOf } from "../../test/kit/register-draw.ts";
import { checkHubs, findHub } from "./hubs.ts";

const west = { hub: "au/hub-west", urls: [], recs: ["ecowas"] };
const south = { hub: "au/hub-south", urls: [], recs: ["sadc"] };
const mail = { hub: "au/hub-mail", urls: [], recs: [] };

function mandate(holder: string, scope: string, action = "READ"): Mandate {
  const any = { types: ["*"], crimes: ["*"], handlingUpTo: "H1", from: 0 };
  return { agency: holder, action, scope, ...any };
}

function stateOf(name: string): BareState {
  return { ...silentState, agencies: [agency(`${name}/tcu`)] };
}

const states = { ng: stateOf("ng"), za: stateOf("za"), ao: stateOf("ao"), ke: stateOf("ke") };
const mandates = [
  mandate("ng/tcu", "ecowas"),
  mandate("za/tcu", "sadc", "PUBLISH"),
  mandate("ao/tcu", "ecowas"),
  mandate("ao/tcu", "sadc"),
];

type Hubs = RegisterView["hubs"];

function viewWith(hubs: Hubs, more: readonly Mandate[] = []): RegisterView {
  const bare = { recs: ["ecowas", "sadc"], memberships: [], mandates: [...mandates, ...more], states };
  return { ...viewOf(nominateAll(bare)), hubs };
} // prettier-ignore

const names = (view: RegisterView, of: string): readonly string[] =>
  hubsOf(view, of).map(({ hub }) => hub);

describe("the hubs of an agency", () => {
  it("are those that serve a community it has a right in, in the register's order", () => {
    const view = viewWith([south, west]);
    expect(names(view, "ng/tcu")).toEqual([west.hub]);
    expect(names(view, "za/tcu")).toEqual([south.hub]);
    expect(names(view, "ao/tcu")).toEqual([south.hub, west.hub]);
  });

  it("are the first where none serves it, and none where there is none", () => {
    expect(names(viewWith([south, west]), "ke/tcu")).toEqual([south.hub]);
    expect(names(viewWith([]), "ng/tcu")).toEqual([]);
  });

  it("of mail alone are for whoever has a right to mail", () => {
    const view = viewWith([west, mail], [mandate("ke/tcu", "direct"), mandate("ng/tcu", "direct")]);
    expect(names(view, "ke/tcu")).toEqual([mail.hub]);
    expect(names(view, "ng/tcu")).toEqual([west.hub, mail.hub]);
    expect(names(view, "ao/tcu")).toEqual([west.hub]);
  });
});

describe("the hub of a channel", () => {
  const view = viewWith([west, south, mail], [mandate("ke/tcu", "direct"), mandate("ng/tcu", "direct"), mandate("ao/tcu", "direct")]); // prettier-ignore
  const mailTo = (reader: string): string =>
    renderDirectChannel(mailboxOf(currentMailboxKey(view.mailboxKeys, 1), reader));

  it("is for a feed the one that serves its community", () => {
    const channel = (rec: string): string => `${rec}.drugs.h0.bulletin.red_flag`;
    const of = (rec: string): string | undefined => findHub(view, { originator: "ao/tcu", channel: channel(rec) }); // prettier-ignore
    expect([of("ecowas"), of("sadc")]).toEqual([west.hub, south.hub]);
  });

  it("of a community that no hub serves is the sender's first: it says why it takes nothing", () => {
    const channel = "eac.drugs.h0.bulletin.red_flag";
    expect(findHub(view, { originator: "za/tcu", channel })).toBe(south.hub);
  });

  it("is for mail the first that both are linked to, whoever writes", () => {
    expect(findMailHub(view, "ao/tcu", "ng/tcu")).toBe(west.hub);
    expect(findMailHub(view, "ng/tcu", "ao/tcu")).toBe(west.hub);
    expect(findHub(view, { originator: "ao/tcu", channel: mailTo("za/tcu") })).toBe(south.hub);
    expect(findHub(view, { originator: "ng/tcu", channel: mailTo("ke/tcu") })).toBe(mail.hub);
  });

  it("is none between two that share no hub, and mail between them is refused", () => {
    expect(findMailHub(view, "ng/tcu", "za/tcu")).toBeUndefined();
    const codeOf = (to: readonly string[]): string => {
      try {
        checkHubs(view, { sender: "ng/tcu", recipients: to }, 1);
        return "taken";
      } catch (error) {
        return toFault(error, "INTERNAL").code;
      }
    };
    expect([codeOf(["ao/tcu", "za/tcu"]), codeOf(["ao/tcu", "ke/tcu"])]).toEqual(["HUB_NOT_SHARED", "taken"]); // prettier-ignore
    checkHubs(viewWith([]), { sender: "ng/tcu", recipients: ["za/tcu"] }, 1);
  });
});
