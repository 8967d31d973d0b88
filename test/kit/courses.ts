import { exampleOf } from "../../schemas/examples/index.ts";
import type { MessageType } from "../../schemas/body/index.ts";
import { idOf, type Line } from "./course.ts";
import { recallCourses } from "./recall-courses.ts";
import { storyTime } from "./story.ts";

type Json = Readonly<Record<string, unknown>>;

const words = { text: "words", lang: "en" };
const ground = { refusalGround: "OTHER" };

/** A step of a proposal that is about the last text said. */
export function step(said: string, more: Json = {}): (steps: readonly { readonly id: string }[]) => Json {
  return (steps) => ({ step: said, targetId: steps.at(-1)?.id, ...more });
} // prettier-ignore

function proposals(type: MessageType, more: Json = {}, refusal: Json = ground): readonly (readonly Line[])[] {
  const proposed: Line = ["A", type, { step: "PROPOSED", ...more }];
  const accepted = step("ACCEPTED", more);
  const changed: readonly Line[] = [proposed, ["B", type, accepted], ["A", type, step("AMENDED", more)]];
  const completed = step("COMPLETED", more);
  return [
    [proposed, ["B", "request.acknowledge"], ["B", type, (said) => step("AMENDED", more)(said)], ["A", type, accepted], ["A", type, completed]],
    [proposed, ["B", type, accepted], ["B", type, completed], ["B", "feedback.report"]],
    [...changed, ["B", type, step("REFUSED", { ...more, ...refusal })]],
    [...changed, ["B", type, step("AMENDED", more)], ["A", type, accepted]],
  ];
} // prettier-ignore

const [exhibit, copy] = ["TG-2026-0417/1", "TG-2026-0417/3-A"].map((exhibitNo) => ({ exhibitNo }));
const noOffences = { offences: [] };

/** A custody event of some kind over these exhibits; both of the example's unless it says which. */
export function custody(kind: string, items: readonly unknown[] = [exhibit, copy]): Json {
  return { kind, items };
}

const evidenceAgreed: readonly Line[] = [
  ["A", "evidence.transfer", { step: "PROPOSED", ...noOffences }],
  ["B", "evidence.transfer", step("ACCEPTED", noOffences)],
];
const arrived: readonly Line[] = [
  ...evidenceAgreed,
  ["A", "evidence.custody_event", custody("HANDED_OVER")],
  ["B", "evidence.custody_event", custody("RECEIVED", [exhibit])],
  ["B", "evidence.custody_event", custody("RECEIVED", [copy])],
];

const [offence] = [exampleOf("suspect.handover").body["offences"]].flat();
const light: Json = {
  offences: [{ ...(offence as object), deathPenalty: undefined }],
  assurances: [],
};
const offers = (answer: string): Json => ({
  offeredTo: [
    {
      country: "SN",
      agency: "sn/tcu",
      answer,
      ...(answer === "REFUSED" ? { refusalGround: "NO_JURISDICTION" } : {}),
    },
  ],
});

/** A word in a handover of a case without death penalty. */
export function handing(stage: string, more: Json = {}): Json {
  return { stage, ...light, acceptedBy: undefined, ...offers("PENDING"), ...more };
}

/** What B says of itself. */
export const saysNo: Json = handing("OFFERED", offers("REFUSED"));
const saysYes = handing("ACCEPTED", { acceptedBy: "sn/tcu" });
const releaseReason = words;

const handovers: readonly (readonly Line[])[] = [
  [
    ["A", "suspect.handover", handing("DETAINED")],
    ["A", "suspect.handover", handing("OFFERED", { offeredTo: [] })],
    ["B", "suspect.handover", saysYes],
    ["A", "suspect.handover", saysYes],
    ["A", "suspect.handover", { ...saysYes, stage: "IN_TRANSFER" }],
    ["B", "suspect.handover", { ...saysYes, stage: "HANDED_OVER" }],
  ],
  [
    ["A", "suspect.handover", handing("OFFERED", { offeredTo: [] }), { to: ["B", "C"] }],
    ["B", "suspect.handover", saysNo],
    ["A", "suspect.handover", handing("ALL_REFUSED", offers("REFUSED"))],
    ["C", "suspect.handover", handing("ACCEPTED", { acceptedBy: "ml/tcu" })],
    ["A", "suspect.handover", handing("ACCEPTED", { acceptedBy: "ml/tcu" }), { to: ["B", "C"] }],
    ["A", "suspect.handover", handing("RELEASED", { releaseReason })],
  ],
];

/** A status of a formal request, with what its rules want. */
export function status(said: string): Json {
  const missingItems = said === "INCOMPLETE" ? ["LAW_TEXTS"] : [];
  const refusalGrounds = said === "REFUSED" ? ["OTHER"] : [];
  return { status: said, missingItems, refusalGrounds, explanation: words };
}

const mla = (...all: readonly string[]): readonly Line[] => [
  ["A", "mla.request"],
  ...all.map((one): Line => ["B", "mla.status", status(one)]),
];

const asks: Line = ["A", "preserve.data", { step: "REQUEST" }];
const keeps: Line = ["B", "preserve.data", step("CONFIRMED")];

const compared: Json = {
  step: "REQUEST",
  targetId: undefined,
  findings: [],
  laboratory: undefined,
};

/** An answer to a trace that names no next country. */
export const endOfTrace: Json = {
  outcome: "FIRST_PURCHASER",
  nextCountry: undefined,
  nextAgency: undefined,
};

const referral = (stage: string): Json => ({
  stage,
  ...(stage === "DECLINED" ? { declineReason: words } : {}),
});
const toHelp: Json = { toAgency: "sn/tcu" };

const given: Json = {
  decision: "GIVEN",
  assurances: ["DEATH_PENALTY", "FAIR_TRIAL", "CONSULAR_ACCESS"],
};
const pact = (pactAct: string): Json => ({
  pactAct,
  homeAgency: "gh/tcu",
  hostAgency: "sn/tcu",
  proposalId: undefined,
});
const onTerms = (pactAct: string) => (said: readonly { readonly id: string }[]): Json => ({ ...pact(pactAct), proposalId: said[0]?.id }); // prettier-ignore

const request = exampleOf("translation.request").body as {
  readonly targetId: string;
  readonly segments: readonly Json[];
};

/** The product for one of the segments that the example asks for. */
export function product(at: number): Json {
  const { pointer, sourceDigest } = request.segments[at] ?? {};
  return { targetId: request.targetId, pointer, sourceDigest };
}

const closed = { caseStatus: "CLOSED", closureReason: words };

/** Courses that reach every state of a workflow whose steps hang on each other; draws alone would not find them. */
export const courses: Readonly<Record<string, readonly (readonly Line[])[]>> = {
  ...recallCourses,
  JOINT_TEAM: proposals("jit.proposal"),
  CASEFILE_TRANSFER: proposals("casefile.transfer", { newRef: "LBV-2027-1" }),
  SENTENCED_TRANSFER: proposals("sentenced.transfer"),
  ASSET_SHARING: proposals("asset.sharing_agreement"),
  PROTECTION: proposals("protection.request"),
  EVIDENCE_TRANSFER: [
    ...proposals("evidence.transfer", noOffences),
    [...arrived, ["A", "evidence.transfer", step("COMPLETED", noOffences)], ["B", "evidence.custody_event", custody("RETURNED")], ["A", "evidence.custody_event", custody("RECEIVED")]],
  ],
  HANDOVER: handovers,
  MLA: [
    mla("RECEIVED", "INCOMPLETE", "PARTLY_EXECUTED", "EXECUTED"),
    mla("TRANSMITTED", "IN_EXECUTION", "POSTPONED"),
  ],
  PRESERVATION: [
    [asks, ["B", "request.acknowledge"], keeps, ["A", "preserve.data", step("EXTENDED")], ["A", "mla.request"]],
  ],
  FORENSIC_COMPARISON: [
    [["A", "forensic.compare", compared], ["B", "request.acknowledge"], ["B", "request.more_info"], ["B", "forensic.compare"]],
  ],
  FIREARM_TRACE: [
    [["A", "firearm.trace_request"], ["B", "request.acknowledge"], ["B", "request.more_info"], ["B", "firearm.trace_reply", endOfTrace]],
    [["A", "firearm.trace_request"], ["B", "firearm.trace_reply"]],
  ],
  ASSET_TRACE: [
    [["A", "asset.trace_request"], ["B", "request.acknowledge"], ["B", "asset.trace_reply", { pending: ["BANK"] }], ["B", "request.more_info"], ["B", "asset.trace_reply", { pending: [] }]],
  ],
  FIREARM_DIVERSION: [[["A", "firearm.diversion"], ["B", "firearm.destroyed", { count: 0, firearms: [], lots: [] }]]],
  TIP_CASE: [
    [["A", "tip.case"], ["A", "tip.case", { caseStatus: "FOLLOW_UP" }], ["A", "tip.case", closed], ["A", "tip.case", { ...closed, caseStatus: "CLOSED_REFERRED" }]],
  ],
  TIP_REFERRAL: [
    [["A", "tip.referral", toHelp], ["B", "tip.referral", referral("ACCEPTED")], ["A", "tip.identity", toHelp], ["B", "tip.referral", referral("STARTED")], ["B", "tip.referral", referral("COMPLETED")]],
  ],
  ASSET_FREEZE: [
    [["A", "asset.freeze_request"], ["B", "request.acknowledge"], ["B", "asset.management_update", { event: "FROZEN" }], ["A", "mla.request"], ["A", "request.withdraw"], ["B", "asset.management_update", { event: "RELEASED" }]],
  ],
  ASSURANCE: [
    [["A", "assurance.request"], ["B", "request.acknowledge"], ["B", "assurance.given"], ["B", "assurance.given", given], ["A", "assurance.breached", (said) => ({ assuranceId: idOf(said) })]],
  ],
  DELEGATION: [
    [["A", "liaison.delegation", pact("PROPOSED")], ["B", "liaison.delegation", onTerms("ACCEPTED")], ["A", "liaison.delegation", onTerms("SUSPENDED")], ["A", "liaison.delegation", onTerms("RESUMED")], ["B", "liaison.delegation", onTerms("ENDED")]],
  ],
  TRANSLATION: [
    [["A", "translation.request", { deadline: storyTime(240) }], ["B", "request.acknowledge"], ["B", "translation.product", product(0)]],
  ],
}; // prettier-ignore
