import type { EvidenceSource } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/**
 * Where police information is to stand as evidence and its handling code reserved that, the permission is
 * named: H1 keeps it from courts, H2 from others, H3 from what its words say.
 */
function findUnpermitted(sources: readonly EvidenceSource[], field: string): readonly string[] {
  return sources.flatMap(({ handling, usedAs, permissionId }, at) =>
    usedAs === "EVIDENCE" && handling !== "H0" && permissionId === undefined
      ? [`/${field}/${at}/permissionId`]
      : [],
  );
}

const says =
  "permissionId is missing; ask the giver for consent to court use and name his decision, or use it as a lead";

/** The sources of exhibits or of a case file. */
export const sourcesArePermitted: Rule<
  BodyContext<{ readonly sources: readonly EvidenceSource[] }>
> = {
  code: "RULE_EVIDENCE_PERMISSION_MISSING",
  says,
  find: ({ body }) => findUnpermitted(body.sources, "sources"),
};

/** The police messages that led to a formal request. */
export const contactsArePermitted: Rule<
  BodyContext<{ readonly priorContacts: readonly EvidenceSource[] }>
> = {
  code: "RULE_EVIDENCE_PERMISSION_MISSING",
  says,
  find: ({ body }) => findUnpermitted(body.priorContacts, "priorContacts"),
};
