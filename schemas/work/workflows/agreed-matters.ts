import { move, type Workflow } from "../workflow.ts";
import { makeProposal } from "./proposal.ts";

/** A joint investigation team (domain W8): each state asked decides for itself, and each may leave. The lead tells what came of it. */
export const jointTeam: Workflow = makeProposal({
  name: "JOINT_TEAM",
  type: "jit.proposal",
  doneBy: ({ periodTo }) => periodTo,
  completer: "OPENER",
  leaver: "EITHER",
  teller: "OPENER",
});

/**
 * Proceedings offered to another state (domain W8). They are taken over when every assurance asked for is signed, in a capital
 * case never without one; who took them over tells how they ended.
 */
export const casefile: Workflow = makeProposal({
  name: "CASEFILE_TRANSFER",
  type: "casefile.transfer",
  doneBy: () => undefined,
  heldFor: ({ offences }) => offences,
  completer: "OTHER",
  leaver: "OPENER",
  teller: "OTHER",
});

/** A convicted person serves the rest at home (domain W8). He stays until every assurance asked for is signed. Who holds him says that he was moved; who took him, how it goes on. */
export const sentenced: Workflow = makeProposal({
  name: "SENTENCED_TRANSFER",
  type: "sentenced.transfer",
  doneBy: ({ handoverAt }) => handoverAt,
  // the sentence is spoken: what he might have been punished with before is no question any more
  heldFor: () => [],
  completer: "OPENER",
  leaver: "EITHER",
  teller: "OTHER",
});

/** How states divide what was confiscated: agreed is agreed, and who holds it pays by the day that was set. */
export const sharing: Workflow = makeProposal({
  name: "ASSET_SHARING",
  type: "asset.sharing_agreement",
  doneBy: ({ payBy }) => payBy,
  completer: "OPENER",
  leaver: "OPENER",
  teller: "OTHER",
});

/**
 * A threatened person is to be taken in or guarded (domain §10). It is decided by the day that was named; who took her in
 * says when she is safe, and nothing more is told.
 */
export const protection: Workflow = makeProposal({
  name: "PROTECTION",
  type: "protection.request",
  doneBy: ({ neededFrom }) => neededFrom,
  decideBy: ({ decideBy }) => decideBy,
  completer: "OTHER",
  leaver: "EITHER",
  more: [
    move({ on: "reply.refuse", by: "OTHER", from: ["PROPOSED", "RECEIVED"], to: "REFUSED" }),
    move({
      on: "request.withdraw",
      by: "OPENER",
      from: ["PROPOSED", "RECEIVED", "COUNTER_PROPOSED", "AGREED"],
      to: "WITHDRAWN",
    }),
  ],
});
