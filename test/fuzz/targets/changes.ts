import {
  acceptChange,
  applyRequest,
  type Change,
  changeOfficers,
  describeProposed,
  mergeChanges,
  type Officer,
  type OfficerDesk,
  parseAgencyRequest,
  parseChange,
  parseMoment,
  parseOfficersFile,
  proposeChange,
  type RegisterOffice,
  renderChange,
  renderOfficersFile,
  signChange,
  startOfficers,
} from "../../../certs/authority/index.ts";
import { parsePartContent, renderPartContent } from "../../../certs/authority/changes/content.ts";
import {
  parseDelegations,
  renderDelegations,
} from "../../../certs/authority/changes/delegations.ts";
import { parseOfficers, renderOfficers } from "../../../certs/authority/changes/officers.ts";
import { makeKeyPair, makeSigningKey, type SigningKey } from "../../../certs/keys/index.ts";
import { renderRegister, verifyRegister } from "../../../certs/trust/index.ts";
import {
  checkRegionalPart,
  checkStatePart,
  type JsonValue,
  languages,
  limits,
  parseJsonText,
  readChecked,
  renderInstant,
  renderJson,
} from "../../../schemas/index.ts";
import { type Bytes, renderBase64url } from "../../../schemas/ground/index.ts";
import { registerParts } from "../../kit/register-edit.ts";
import { bareState, type MadeRepository, makeRepository, publicOf } from "../../kit/repository.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { certain, hold, holdSame } from "../promises.ts";
import { checkedSilently } from "../silence.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const [proposer, accepter] = [0, 1].map(() => makeSigningKey(makeKeyPair("P-256"))) as [
  SigningKey,
  SigningKey,
];
const officers = [
  { name: "Ama Mensah", key: renderBase64url(proposer.spki) },
  { name: "Kofi Boateng", key: renderBase64url(accepter.spki) },
];
const codes = ["CHANGE_", "SCHEMA_INVALID", "JSON_", "CODEC_TOO_DEEP"];

function readJson(text: string): unknown {
  return parseJsonText(text, limits.maxRequestBytes);
}

function deskOf(office: string): OfficerDesk {
  return { office, officers: parseOfficers(officers) };
}

/** A change as two officers make it, whatever its content. */
function makeChange(desk: OfficerDesk, part: string, content: unknown): Change {
  const proposal = { part, base: 1, days: 90, reason: "a new post", content };
  const proposed = proposeChange(desk, proposal, { key: proposer, at: fuzzNow });
  return acceptChange(desk, proposed, { key: accepter, at: fuzzNow + 1000 });
}

/** What a part says, in the JSON that officers edit. */
interface Contents {
  readonly made: MadeRepository;
  readonly state: JsonValue;
  readonly region: JsonValue;
}

function makeContents({ register }: FuzzGround): Contents {
  const made = makeRepository();
  const { region, states } = registerParts(register);
  const state = states.get("ng") ?? bareState("ng");
  const delegations = new Map([
    ["ng", publicOf(made.hands.ng)],
    ["gh", publicOf(made.hands.gh)],
  ]);
  return {
    made,
    state: renderPartContent({ kind: "state", state }),
    region: renderPartContent({ kind: "region", region, delegations }),
  };
}

/** A change that was signed is one that every reader takes; until then it is told in words that hold no tricks. */
function tryChange(made: MadeRepository, part: "ng" | "region", content: unknown): void {
  const desk = deskOf(part);
  const change = makeChange(desk, part, content);
  const read = certain("reading a change", () => parseChange(renderChange(change)));
  const office: RegisterOffice = {
    folder: "",
    officers: startOfficers(part, desk.officers),
    files: made.parts,
  };
  const lang = languages[JSON.stringify(content).length % languages.length] ?? "en";
  const { lines } = describeProposed(office, read, { at: fuzzNow, lang });
  const isPlain = lines.every((line) => !/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u.test(line));
  hold(isPlain, "words about a change hold what nobody sees");
  const hands = made.hands[part === "ng" ? "ng" : "targets"].keys;
  let [files, next] = [made.parts, read];
  for (const key of hands.slice(0, part === "ng" ? 1 : 2)) {
    const signed = certain("signing", () => signChange({ files: made.parts, desk }, next, key));
    next = signed.change;
    files = signed.placed ?? files;
  }
  hold(files !== made.parts, "an accepted change that is signed finds no place");
  const register = renderRegister(made.seal(files));
  const view = certain("the next register", () => verifyRegister(register, { root: made.root }));
  // the registrars may give an authority other keys: its part then waits to be signed anew, and they are told so
  const spoilt = view.trusted.flaws.filter(
    ({ code }) => part === "ng" || code !== "REGISTER_SIGNATURE_INVALID",
  );
  hold(spoilt.length === 0, "a part was signed that readers leave out");
}

function contentTargets({ made, state, region }: Contents): readonly Target[] {
  const bare = renderPartContent({ kind: "state", state: bareState("ng") });
  const read = (part: "ng" | "region", seeds: readonly unknown[]): Target => ({
    ...jsonTarget(`certs/parsePartContent ${part}`, seeds, (text) => {
      const content = checkedSilently(readJson(text), (json) => parsePartContent(part, json));
      const again = certain("reading it again", () => parsePartContent(part, renderPartContent(content)));
      holdSame(again, content, "content does not come back from its own JSON");
    }),
    codes,
  });
  const change = (part: "ng" | "region", seeds: readonly unknown[]): Target => ({
    ...jsonTarget(`certs/changes of ${part}`, seeds, (text) => tryChange(made, part, readJson(text))),
    // a list that cannot be read cannot be told of
    codes: [...codes, "CERT_MALFORMED"],
  });
  return [read("ng", [state, bare]), read("region", [region]), change("ng", [bare, state]), change("region", [region])];
} // prettier-ignore

/** Messages of the register as people write them. */
function checkedTargets({ register }: FuzzGround): readonly Target[] {
  const { region, states } = registerParts(register);
  const state = renderJson("StatePart", states.get("ng") ?? bareState("ng"));
  return [
    jsonTarget("schemas/readChecked StatePart", [state], (text) =>
      checkedSilently(readJson(text), (json) => readChecked("StatePart", checkStatePart, json)),
    ),
    jsonTarget("schemas/readChecked RegionalPart", [renderJson("RegionalPart", region)], (text) =>
      checkedSilently(readJson(text), (json) =>
        readChecked("RegionalPart", checkRegionalPart, json),
      ),
    ),
  ].map((target) => ({ ...target, codes }));
}

function listTargets({ made }: Contents): readonly Target[] {
  const delegations = renderDelegations(
    new Map([
      ["ng", publicOf(made.hands.ng)],
      ["gh", publicOf(made.hands.gh)],
    ]),
  );
  return [
    jsonTarget("certs/parseDelegations", [delegations, []], (text) => {
      const found = parseDelegations(readJson(text));
      const again = certain("reading them again", () => parseDelegations(renderDelegations(found)));
      holdSame([...again.keys()], [...found.keys()].toSorted(), "an authority is lost");
    }),
    jsonTarget("certs/parseOfficers", [officers], (text) => {
      const found = parseOfficers(readJson(text));
      hold(found.length >= 2, "one person is an office");
      const again = certain("reading them again", () => parseOfficers(renderOfficers(found)));
      holdSame(again.map(({ name }) => name), found.map(({ name }) => name), "an officer is lost");
    }),
    textTarget("certs/parseMoment", [renderInstant(fuzzNow), "2026-03-09T14:05:00+01:00"], (text) =>
      hold(Number.isSafeInteger(parseMoment(text)), "a time is no moment"),
    ),
  ].map((target) => ({ ...target, codes }));
} // prettier-ignore

/** On their way from hand to hand nothing of a change can be changed and be accepted. */
function changeTarget({ state }: Contents): Target {
  const desk = deskOf("ng");
  const change = makeChange(desk, "ng", state);
  const { accepted: _later, ...proposed } = change;
  return {
    name: "certs/parseChange",
    shape: "json",
    codes,
    seeds: [change, proposed, { ...change, metadata: '{"signatures":[],"signed":{}}' }].map(renderChange),
    run: (input) => {
      const found = parseChange(input);
      holdSame(parseChange(renderChange(found)), found, "a change does not come back from its file");
      mergeChanges(proposed, { ...found, metadata: undefined });
    },
  };
} // prettier-ignore

/** What a console asked for is read whole or not at all, and comes to the same change however often it is read. */
function askedTarget(): Target {
  const told = { format: "atumpan-agency-request", version: 1, agency: "ng/customs", at: renderInstant(fuzzNow), reason: "a new unit" };
  const line = { action: "PUBLISH", scope: "ecowas", types: ["alert.*"], crimes: ["*"], handlingUpTo: "H2", until: renderInstant(fuzzNow + 1) };
  const enrol = { ...told, kind: "ENROL", agencyKind: "CUSTOMS", languages: ["en"], nominations: [line] };
  const seen = { certificates: 3, waiting: 0, awaitedOfIt: 1, awaitedOfUs: 2 };
  const revoke = { ...told, agency: "ng/tcu", kind: "REVOKE", cause: "KEY_COMPROMISE", seen };
  return {
    name: "certs/parseAgencyRequest",
    shape: "json",
    codes,
    seeds: [enrol, revoke].map((one) => Buffer.from(JSON.stringify(one))),
    run: (input) => {
      const found = parseAgencyRequest(input);
      holdSame(parseAgencyRequest(Buffer.from(JSON.stringify(found))), found, "a request does not come back from its file");
      const content = { kind: "state", state: bareState(found.agency.split("/")[0] ?? "") } as const;
      const next = applyRequest(content, found, fuzzNow);
      const came = found.kind === "ENROL" ? 1 : 0;
      hold(next.kind === "state" && next.state.agencies.length === content.state.agencies.length + came, "an agency came that nobody asked for");
    },
  };
} // prettier-ignore

function officersTarget(): Target {
  const first = startOfficers("ng", parseOfficers(officers));
  const third = { name: "Efua Owusu", key: renderBase64url(makeSigningKey(makeKeyPair("Ed25519")).spki) };
  const change = makeChange(deskOf("ng"), "officers", { officers: [...officers, third] });
  const second = changeOfficers(first, change);
  const listOf = (one: { readonly officers: readonly Officer[] }): string =>
    JSON.stringify(renderOfficers(one.officers));
  const known = new Set([first, second].map(listOf));
  const began = JSON.stringify(officers);
  return {
    name: "certs/parseOfficersFile",
    shape: "json",
    codes,
    seeds: [first, second].map((one): Bytes => renderOfficersFile(one)),
    run: (input) => {
      const found = parseOfficersFile(input);
      const again = renderOfficersFile(found);
      holdSame(parseOfficersFile(again).officers.length, found.officers.length, "an officer is lost");
      const isOwn = found.office === "ng" && JSON.stringify(renderOfficers(found.first)) === began;
      hold(!isOwn || known.has(listOf(found)), "officers changed whom nobody accepted");
    },
  };
} // prettier-ignore

/** Readers of what officers of a register edit, propose and hand on. */
export function makeChangeTargets(ground: FuzzGround): readonly Target[] {
  const contents = makeContents(ground);
  return [
    ...contentTargets(contents),
    ...checkedTargets(ground),
    ...listTargets(contents),
    changeTarget(contents),
    officersTarget(),
    askedTarget(),
  ];
}
