import type {
  Agreement,
  GivenAssurance,
  Mandate,
  Membership,
  ReleaseRule,
} from "../../schemas/index.ts";
import type { RegionPlan } from "../../deploy/local/plan.ts";
import { type Draw, makeDraw } from "../fuzz/draw.ts";
import type { RegisterEdit } from "./register-edit.ts";

/** What one authority's part says in a drawn register. */
export interface DrawnState {
  readonly nominations: readonly Mandate[];
  readonly agreements: readonly Agreement[];
  readonly release: readonly ReleaseRule[];
  readonly givenAssurances: readonly GivenAssurance[];
  /** Agencies that it took out, and since when. */
  readonly suspended: Readonly<Record<string, number>>;
}

/** All that decisions rest on in a drawn register. */
export interface DrawnRights {
  readonly memberships: readonly Membership[];
  readonly mandates: readonly Mandate[];
  readonly states: Readonly<Record<string, DrawnState>>;
}

/** The states of a drawn region. */
export const wideStates = [
  "bj",
  "ci",
  "gh",
  "lr",
  "ng",
  "sn",
  "ao",
  "bi",
  "cd",
  "cm",
  "ke",
  "rw",
  "tz",
  "ug",
];
/** Its communities. */
export const wideRecs = ["ecowas", "eccas", "eac"];
const kinds = ["TCU", "TCU", "FIU", "CUSTOMS"] as const;
const agenciesInAll = 60;
const half = 30 * 60_000;

/** The plan of a region of 60 agencies: who there is; what each may do is drawn. */
export function planWide(usual: RegionPlan, seed: string): RegionPlan {
  const draw = makeDraw(`${seed} agencies`);
  const ours = new Set([...wideStates, ...wideRecs, "au"]);
  const perState = (agenciesInAll - wideRecs.length) / wideStates.length;
  const agencies = wideStates.flatMap((authority, at) => {
    const count = Math.floor(perState * (at + 1)) - Math.floor(perState * at);
    return Array.from({ length: count }, (_, number) => {
      const kind = draw.pick(kinds);
      const agency = `${authority}/${kind.toLowerCase()}-${number}`;
      return { agency, authority, kind, name: agency, languages: ["en"] };
    });
  });
  return {
    ...usual,
    authorities: usual.authorities.filter(({ authority }) => ours.has(authority)),
    recs: usual.recs.filter(({ rec }) => wideRecs.includes(rec)),
    memberships: usual.memberships.filter(
      ({ rec, authority }) => wideRecs.includes(rec) && wideStates.includes(authority),
    ),
    agencies: [
      ...agencies,
      ...usual.agencies.filter(({ authority }) => wideRecs.includes(authority)),
    ],
    mandates: [],
    releaseOf: () => [],
  };
}

/** Draws the rights of a planned region; lines begin and end half an hour after `now`, or have long done so. */
export class RightsDraw {
  readonly #draw: Draw;
  readonly #plan: RegionPlan;
  readonly #now: number;

  constructor(plan: RegionPlan, seed: string, now: number) {
    this.#draw = makeDraw(seed);
    this.#plan = plan;
    this.#now = now;
  }

  #chance(ofHundred: number): boolean {
    return this.#draw.below(100) < ofHundred;
  }

  #dates(): { readonly from: number; readonly until?: number } {
    if (this.#chance(60)) return { from: 0 };
    const [before, after] = [this.#now - half, this.#now + half];
    return this.#draw.pick([
      { from: after },
      { from: 0, until: after },
      { from: 0, until: before },
      { from: this.#now - 1000 },
    ]);
  }

  #types(): readonly string[] {
    return this.#draw.pick([
      ["*"],
      ["*"],
      ["*"],
      ["alert.*", "notice.*"],
      ["bulletin.red_flag"],
      ["alert.cancel", "bulletin.*"],
    ]);
  }

  #content(): Pick<Mandate, "types" | "crimes" | "handlingUpTo"> {
    const crimes = this.#draw.pick([["*"], ["*"], ["drugs"]]);
    return { types: this.#types(), crimes, handlingUpTo: this.#draw.pick(["H1", "H3", "H3"]) };
  }

  #scopesOf(authority: string): readonly string[] {
    const own = this.#plan.memberships.filter((one) => one.authority === authority);
    const named = [...new Set([authority, ...own.map(({ rec }) => rec)])];
    const known = named.filter((name) => wideRecs.includes(name));
    // now and then a community that it is not of: such a reader waits for nobody, such a sender for membership
    const odd = this.#chance(15) ? [this.#draw.oneOf(wideRecs) ?? ""] : [];
    return [...new Set([...known, ...odd, "direct"])];
  }

  #mandates(): readonly Mandate[] {
    return this.#plan.agencies.flatMap(({ agency, authority }) =>
      this.#scopesOf(authority).flatMap((scope) =>
        (["PUBLISH", "READ"] as const).flatMap((action): readonly Mandate[] => {
          const count = this.#draw.pick([0, 1, 1, 1, 1, 2, 2]);
          const line = { agency, action, scope };
          return Array.from({ length: count }, () => ({ ...line, ...this.#content(), ...this.#dates() })); // prettier-ignore
        }),
      ),
    );
  }

  /** Mostly what the region grants, sometimes less, sometimes what nobody granted, sometimes another's agency. */
  #nominations(authority: string, mandates: readonly Mandate[]): readonly Mandate[] {
    const own = mandates.filter(({ agency }) => agency.startsWith(`${authority}/`));
    const all = own.flatMap((one): readonly Mandate[] => {
      if (this.#chance(7)) return [];
      const wide = { ...one, types: ["*"], crimes: ["*"], handlingUpTo: "H3", from: 0 };
      const { until: _until, ...endless } = wide;
      return [this.#chance(75) ? endless : { ...one, ...this.#content(), ...this.#dates() }];
    });
    const other = this.#chance(20) ? (this.#draw.oneOf(mandates) ?? []) : [];
    return [...all, other].flat();
  }

  #rule(): ReleaseRule {
    const names = this.#plan.agencies.map(({ agency }) => agency);
    const of = <T>(ofHundred: number, list: readonly T[]): readonly T[] =>
      this.#chance(ofHundred) ? [this.#draw.oneOf(list)].flatMap((one) => one ?? []) : [];
    const most = this.#chance(20) ? { handlingUpTo: "H1" } : {};
    return {
      effect: this.#chance(25) ? "DENY" : "ALLOW",
      originators: of(10, names),
      authorities: of(50, wideStates),
      kinds: of(30, kinds),
      agencies: of(10, names),
      types: of(30, ["alert.*", "notice.*", "bulletin.red_flag"]),
      crimes: of(20, ["drugs"]),
      askedAssurances: of(25, ["DEATH_PENALTY", "TORTURE"]),
      ...most,
      ...this.#dates(),
    };
  }

  /** Now and then a state keeps something of its own from its own. */
  #within(authority: string): readonly ReleaseRule[] {
    if (!this.#chance(60)) return [];
    const own = this.#plan.agencies.filter((one) => one.authority === authority);
    const names = own.map(({ agency }) => agency);
    const one = [this.#draw.oneOf(names)].flatMap((name) => name ?? []);
    const named = this.#draw.pick([
      { authorities: [authority], agencies: [] },
      { authorities: [authority], agencies: one },
      { authorities: [], agencies: one },
    ]);
    return [{ ...this.#rule(), effect: "DENY", originators: [], kinds: [], ...named }];
  }

  #release(): readonly ReleaseRule[] {
    const any = {
      originators: [],
      authorities: [],
      kinds: [],
      agencies: [],
      types: [],
      crimes: [],
    };
    const open = { effect: "ALLOW", ...any, askedAssurances: [], from: 0 };
    const some = Array.from({ length: this.#draw.below(4) }, () => this.#rule());
    return this.#chance(85) ? [...some, open] : some;
  }

  #agreements(): readonly Agreement[] {
    return Array.from({ length: 8 }, (_, number) => {
      const at = this.#draw.below(wideStates.length);
      const parties = [wideStates[at] ?? "", wideStates[(at + 1 + this.#draw.below(5)) % wideStates.length] ?? ""];
      const named = this.#plan.agencies.filter(({ authority }) => parties.includes(authority));
      const partyAgencies = this.#chance(40) ? named.slice(0, 3).map(({ agency }) => agency) : [];
      const allowedPurposes = this.#chance(30) ? ["INVESTIGATION"] : [];
      const agreementRef = `EX-${number}`;
      return { agreementRef, parties, partyAgencies, allowedPurposes, ...this.#content(), ...this.#dates() };
    });
  } // prettier-ignore

  #state(authority: string, mandates: readonly Mandate[], pool: readonly Agreement[]): DrawnState {
    const own = this.#plan.agencies.filter((one) => one.authority === authority);
    const suspended = own.flatMap(({ agency }) => {
      if (!this.#chance(6)) return [];
      return [[agency, this.#draw.pick([this.#now - half, this.#now + half])] as const];
    });
    const assurances = ["DEATH_PENALTY", "TORTURE"].filter(() => this.#chance(40));
    return {
      nominations: this.#nominations(authority, mandates),
      // each party's own part holds it, but for one in ten
      agreements: pool.filter(({ parties }) => parties.includes(authority) && !this.#chance(10)),
      release: [...this.#within(authority), ...this.#release()],
      givenAssurances: assurances.map((assurance) => ({ assurance, ...this.#dates() })),
      suspended: Object.fromEntries(suspended),
    };
  }

  #memberships(): readonly Membership[] {
    const [before, after] = [this.#now - half, this.#now + half];
    return this.#plan.memberships.map((one) => {
      const change = this.#draw.pick<Partial<Membership>>([
        {}, {}, {}, {}, {}, {}, {}, {}, {},
        { suspendedFrom: before },
        { suspendedFrom: after },
        { suspendedFrom: before, suspendedUntil: after },
        { until: after },
      ]); // prettier-ignore
      return { ...one, ...change };
    });
  }

  /** The whole of a register's rights. */
  rights(): DrawnRights {
    const mandates = this.#mandates();
    const pool = this.#agreements();
    const names = this.#plan.authorities.map(({ authority }) => authority);
    return {
      memberships: this.#memberships(),
      mandates,
      states: Object.fromEntries(
        names.map((authority) => [authority, this.#state(authority, mandates, pool)]),
      ),
    };
  }

  /** The next: some lines withdrawn, some added, some states' words made anew. */
  change(now: DrawnRights): DrawnRights {
    const fresh = this.rights();
    const isKept = (): boolean => !this.#chance(15);
    const mandates = [
      ...now.mandates.filter(isKept),
      ...fresh.mandates.filter(() => this.#chance(15)),
    ];
    const renewed = Object.entries(now.states).map(([authority, held]) => {
      const made = fresh.states[authority] ?? held;
      const added = this.#nominations(
        authority,
        mandates.filter((one) => !now.mandates.includes(one)),
      );
      return [
        authority,
        {
          nominations: [...held.nominations.filter(isKept), ...added],
          agreements: this.#chance(70) ? held.agreements : made.agreements,
          release: this.#chance(60) ? held.release : made.release,
          givenAssurances: this.#chance(60) ? held.givenAssurances : made.givenAssurances,
          suspended: this.#chance(60) ? held.suspended : made.suspended,
        },
      ] as const;
    });
    const memberships = this.#chance(50) ? now.memberships : fresh.memberships;
    return { memberships, mandates, states: Object.fromEntries(renewed) };
  }
}

/** What has to be published for these rights to stand. */
export function editOf({ memberships, mandates, states: drawn }: DrawnRights): RegisterEdit {
  const entries = Object.entries(drawn).map(
    ([authority, { suspended, ...words }]) =>
      [
        authority,
        (now: Parameters<NonNullable<RegisterEdit["states"]>[string]>[0]) => ({
          ...now,
          ...words,
          agencies: now.agencies.map(({ suspendedFrom: _before, ...one }) => ({
            ...one,
            suspendedFrom: suspended[one.agency],
          })),
        }),
      ] as const,
  );
  return {
    region: (now) => ({ ...now, memberships, mandates }),
    states: Object.fromEntries(entries),
  };
}
