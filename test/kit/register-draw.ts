import * as fc from "fast-check";

import type {
  Agreement,
  Mandate,
  Membership,
  ReleaseRule,
  StatePart,
} from "../../schemas/index.ts";
import { makeView } from "../../certs/trust/register-view.ts";
import type { Question, RegisterView } from "../../certs/trust/index.ts";

/** One agency of a bare register. */
export interface BareAgency {
  readonly agency: string;
  readonly kind: string;
  readonly suspendedFrom?: number | undefined;
}

/** What a state's own part says that decisions rest on. */
export type BareState = Pick<
  StatePart,
  "nominations" | "agreements" | "release" | "givenAssurances"
> & { readonly agencies: readonly BareAgency[] };

/** A register of rights alone: no certificates, no keys. Enough for everything that only decides. */
export interface BareRegister {
  readonly recs: readonly string[];
  readonly memberships: readonly Membership[];
  readonly mandates: readonly Mandate[];
  /** By authority. */
  readonly states: Readonly<Record<string, BareState>>;
}

/** A state's part that says nothing. */
export const silentState: BareState = {
  agencies: [],
  nominations: [],
  agreements: [],
  release: [],
  givenAssurances: [],
};

/** The view of a bare register, made by the very code that makes it of a proved one. */
export function viewOf({ recs, memberships, mandates, states }: BareRegister): RegisterView {
  const names = Object.keys(states);
  return makeView({
    epoch: 1,
    expiresAt: Number.MAX_SAFE_INTEGER,
    digest: new Uint8Array(32),
    numbers: new Map(names.map((name) => [name, 1])),
    region: {
      recs: recs.map((rec) => ({ rec, names: [], languages: [] })),
      memberships,
      authorities: names.map((authority) => ({ authority, roots: [] })),
      mandates,
      hubs: [{ hub: "au/hub-one", urls: ["tls://127.0.0.1:4222"], recs }],
      mailboxKeys: [{ key: new Uint8Array(32), from: 0 }],
      algorithms: [],
      staleness: [],
    },
    states: new Map(
      Object.entries(states).map(([authority, { agencies, ...rights }]) => [
        authority,
        {
          authority,
          names: [],
          agencies: agencies.map((one) => ({
            ...one,
            names: [],
            languages: [],
            certificates: [],
            keys: [],
          })),
          intermediates: [],
          crls: [],
          ...rights,
        },
      ]),
    ),
  });
}

/** A release line that lets everyone read everything, changed as said. */
export function openRule(change: Partial<ReleaseRule> = {}): ReleaseRule {
  const any = { originators: [], authorities: [], kinds: [], agencies: [], types: [], crimes: [] };
  return { effect: "ALLOW", ...any, askedAssurances: [], from: 0, ...change };
}

/** A register in which every agency is nominated for exactly what the region grants it. */
export function nominateAll(register: BareRegister): BareRegister {
  const states = Object.entries(register.states).map(([authority, state]) => [
    authority,
    {
      ...state,
      nominations: register.mandates.filter(({ agency }) => agency.startsWith(`${authority}/`)),
    },
  ]);
  return { ...register, states: Object.fromEntries(states) as Record<string, BareState> };
}

/** The moment drawn questions are asked at; drawn lines begin and end around it. */
export const drawnNow = 1_780_272_000_000;

const kinds: Readonly<Record<string, string>> = { tcu: "TCU", fiu: "FIU", centre: "REGIONAL_CENTRE" }; // prettier-ignore
/** Everyone in a drawn register, by authority. */
export const drawnAgencies: Readonly<Record<string, readonly string[]>> = {
  ng: ["ng/tcu", "ng/fiu"],
  gh: ["gh/tcu", "gh/fiu"],
  sn: ["sn/tcu"],
  ecowas: ["ecowas/centre"],
};
const everyone = Object.values(drawnAgencies).flat();
const authorities = Object.keys(drawnAgencies);

const feedTypes = ["alert.incident", "alert.cancel", "bulletin.red_flag"];
const mailTypes = ["request.information", "fiu.request"];
const dates = fc.constantFrom<{ from: number; until?: number }>(
  { from: 0 },
  { from: 0 },
  { from: 0 },
  { from: drawnNow },
  { from: drawnNow + 1 },
  { from: 0, until: drawnNow },
  { from: 0, until: drawnNow + 1 },
);
const types = fc.constantFrom(
  ["*"],
  ["*"],
  ["alert.*", "request.*"],
  ["alert.incident", "fiu.*"],
  ["bulletin.red_flag"],
);
const crimes = fc.constantFrom(["*"], ["*"], ["drugs"], ["drugs", "arms"]);
const handling = fc.constantFrom("H3", "H2", "H1", "H0");
const some = <T>(values: readonly T[], most: number): fc.Arbitrary<T[]> =>
  fc.subarray([...values], { maxLength: most });

function drawMandate(agencies: readonly string[]): fc.Arbitrary<Mandate> {
  const line = fc.record({
    agency: fc.constantFrom(...agencies),
    action: fc.constantFrom("PUBLISH", "READ"),
    scope: fc.constantFrom("ecowas", "direct"),
    types,
    crimes,
    handlingUpTo: handling,
  });
  return fc.tuple(line, dates).map(([one, dated]) => ({ ...one, ...dated }));
}

function drawMandates(agencies: readonly string[], most: number): fc.Arbitrary<Mandate[]> {
  // a line for everything makes yes as frequent as no
  const whole = agencies.flatMap((agency) =>
    (["PUBLISH", "READ"] as const).flatMap((action) =>
      ["ecowas", "direct"].map((scope) => ({ agency, action, scope })),
    ),
  );
  const wide = { types: ["*"], crimes: ["*"], handlingUpTo: "H3", from: 0 };
  return fc
    .tuple(fc.subarray(whole), fc.array(drawMandate(agencies), { maxLength: most }))
    .map(([full, more]) => [...full.map((one) => ({ ...one, ...wide })), ...more]);
}

const agreement: fc.Arbitrary<Agreement> = fc
  .tuple(
    fc.record({
      agreementRef: fc.constantFrom("MoU 1", "MoU 2"),
      parties: fc.constantFrom(["ng", "gh"], ["ng", "gh", "sn"], ["gh", "sn"]),
      partyAgencies: fc.constantFrom([], [], ["ng/fiu", "gh/fiu"], ["ng/tcu", "gh/tcu", "sn/tcu"]),
      types,
      crimes,
      allowedPurposes: fc.constantFrom([], [], ["INVESTIGATION"]),
      handlingUpTo: handling,
    }),
    dates,
  )
  .map(([one, dated]) => ({ ...one, ...dated }));

const rule: fc.Arbitrary<ReleaseRule> = fc
  .tuple(
    fc.record({
      effect: fc.constantFrom("ALLOW", "ALLOW", "ALLOW", "DENY"),
      originators: fc.oneof(fc.constant([]), some(everyone, 1)),
      authorities: fc.oneof(fc.constant([]), some(authorities, 2)),
      kinds: fc.oneof(fc.constant([]), some(Object.values(kinds), 1)),
      agencies: fc.oneof(fc.constant([]), some(everyone, 1)),
      types: fc.oneof(fc.constant([]), some(["alert.*", "request.*", "bulletin.red_flag"], 1)),
      crimes: fc.oneof(fc.constant([]), some(["drugs", "arms"], 1)),
      handlingUpTo: fc.option(handling, { nil: undefined }),
      askedAssurances: fc.oneof(fc.constant([]), some(["DEATH_PENALTY", "TORTURE"], 2)),
    }),
    dates,
  )
  .map(([one, dated]) => ({ ...one, ...dated }));

/** A line by which an authority keeps something of its own from its own. */
function drawWithin(authority: string): fc.Arbitrary<ReleaseRule> {
  const named = [{ authorities: [authority] }, { agencies: drawnAgencies[authority] ?? [] }];
  return fc
    .tuple(rule, fc.constantFrom(...named))
    .map(([one, names]) => ({ ...one, effect: "DENY", originators: [], kinds: [], ...names }));
}

/** One authority's part, whatever it may say of itself. Agreements are taken from `pool`, or are its own. */
export function drawState(
  authority: string,
  pool: readonly Agreement[] = [],
): fc.Arbitrary<BareState> {
  const own = drawnAgencies[authority] ?? [];
  const agencies = own.map((agency) =>
    fc
      .constantFrom(undefined, undefined, undefined, drawnNow, drawnNow + 1)
      .map((suspendedFrom) => ({
        agency,
        kind: kinds[agency.split("/")[1] ?? ""] ?? "",
        suspendedFrom,
      })),
  );
  const promise = fc
    .tuple(fc.constantFrom("DEATH_PENALTY", "TORTURE"), dates)
    .map(([assurance, dated]) => ({ assurance, ...dated }));
  return fc.record({
    agencies: fc.tuple(...agencies),
    // now and then a line about somebody else's agency, which must count for nothing
    nominations: drawMandates(own, 3).chain((lines) =>
      fc
        .option(drawMandate(everyone), { nil: undefined, freq: 3 })
        .map((odd) => (odd === undefined ? lines : [...lines, odd])),
    ),
    agreements: fc
      .tuple(fc.subarray([...pool]), fc.array(agreement, { maxLength: 1 }))
      .map((lists) => lists.flat()),
    release: fc.array(fc.oneof(rule, fc.constant(openRule()), drawWithin(authority)), {
      maxLength: 4,
    }),
    givenAssurances: fc.array(promise, { maxLength: 2 }),
  });
}

const membership: fc.Arbitrary<Membership[]> = fc.tuple(
  ...["ng", "gh", "sn"].map((authority) =>
    fc
      .constantFrom<Partial<Membership>>(
        {},
        {},
        { suspendedFrom: 0 },
        { suspendedFrom: drawnNow + 1 },
        { suspendedFrom: 0, suspendedUntil: drawnNow },
        { until: drawnNow },
      )
      .map((change) => ({ rec: "ecowas", authority, from: 0, ...change })),
  ),
);

/** A region of three states and a REC, with whatever lines their parts may hold. */
export const drawRegister: fc.Arbitrary<BareRegister> = fc
  .array(agreement, { minLength: 1, maxLength: 2 })
  .chain((pool) =>
    fc.record({
      recs: fc.constant(["ecowas"]),
      memberships: membership,
      mandates: drawMandates(everyone, 6),
      states: fc.record(
        Object.fromEntries(authorities.map((name) => [name, drawState(name, pool)])),
      ),
    }),
  );

/** A question that drawn registers answer now with yes, now with no. */
export const drawQuestion: fc.Arbitrary<Question> = fc
  .tuple(
    fc.constantFrom<"PUBLISH" | "READ">("PUBLISH", "READ", "READ"),
    fc.constantFrom("ecowas", "direct"),
    fc.constantFrom(...everyone),
    fc.constantFrom(...everyone),
    fc.record({
      crime: fc.constantFrom("drugs", "arms", "sorcery", "drugs"),
      handling,
      purposes: fc.constantFrom(undefined, [], ["INVESTIGATION"]),
      kept: fc.option(
        fc.record({ states: some(["NG", "GH", "SN"], 1), agencies: some(everyone, 1) }),
        { nil: undefined, freq: 2 },
      ),
    }),
    fc.nat(2),
  )
  .map(([action, scope, originator, other, about, at]) => {
    const common = { action, scope, originator, ...about };
    if (scope === "ecowas") {
      const type = feedTypes[at] ?? "";
      return { ...common, type, agency: action === "READ" ? other : originator };
    }
    // the last of three is sealed from whoever asks
    const type = mailTypes[at];
    const crime = type === undefined ? undefined : about.crime;
    if (action === "READ") return { ...common, type, crime, agency: other };
    const recipient = at === 1 ? undefined : other;
    return { ...common, type, crime, agency: originator, recipient };
  });
