import { decide, previewAudience } from "../../../certs/trust/index.ts";
import { parseAuditQuery } from "../../../gateways/api/audit.ts";
import { parseCopyQuery } from "../../../gateways/api/read-query.ts";
import { parseAudienceQuery, parseDecisionQuery } from "../../../gateways/api/read-why.ts";
import { renderDecision } from "../../../gateways/api/why.ts";
import { type FuzzGround, fuzzNow } from "../ground.ts";
import { certain, hold } from "../promises.ts";
import { type Target, textTarget } from "../target.ts";

const codes = ["REQUEST_INVALID"];
const agency = /^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/;

const receiverTarget: Target = {
  ...textTarget(
    "gateways/parseCopyQuery",
    ["", "to=gh/tcu&crime=drugs", "country=GH&body=High%20Court"],
    (text) => {
      const { to, country, body } = parseCopyQuery(new URLSearchParams(text));
      hold(to === undefined || agency.test(to), "a copy is for somebody who is no agency");
      hold((country === undefined) === (body === undefined), "a body outside has no state");
    },
  ),
  codes,
};

const auditSeeds = ["", "who=person:1&act=MESSAGE_READ&limit=1000", "object=018f3c2a&cursor=9"];
const auditTarget: Target = {
  ...textTarget("gateways/parseAuditQuery", auditSeeds, (text) => {
    const { who = "a", limit = "1", cursor = "1" } = parseAuditQuery(new URLSearchParams(text));
    hold(/^[\x21-\x7e]{1,120}$/.test(who), "a caller is asked for who has no id");
    hold(Number(limit) > 0 && Number.isSafeInteger(Number(cursor)), "a page is nowhere");
  }),
  codes,
};

/** A question that is read is decided and told in its language, whatever stands in it. */
function decisionTarget({ view }: FuzzGround): Target {
  const read = "action=READ&agency=gh/tcu&originator=ng/tcu&scope=ecowas&type=alert.incident&crime=drugs&handling=H1";
  const seeds = [
    read,
    `${read}&lang=fr&purpose=AML_CFT_ANALYSIS&protectedFrom=GH&excludedRecipient=gh/tcu`,
    "action=PUBLISH&agency=ng/fiu&scope=direct&type=fiu.request&crime=drugs&handling=H2&recipient=gh/fiu&lang=ar",
  ];
  return {
    ...textTarget("gateways/parseDecisionQuery", seeds, (text) => {
      const { question, lang } = parseDecisionQuery(new URLSearchParams(text));
      hold(agency.test(question.agency) && agency.test(question.originator), "who is no agency may be decided about");
      const decision = certain("deciding", () => decide(view, question, fuzzNow));
      const told = { question, decision, epoch: 1, at: fuzzNow, lang };
      certain("telling why", () => JSON.stringify(renderDecision(told)));
    }),
    codes,
  };
} // prettier-ignore

function audienceTarget({ view }: FuzzGround): Target {
  const plain = "originator=ng/tcu&type=alert.incident&handling=H1&scope=ecowas&crime=drugs";
  const seeds = [plain, `${plain}&crime=ml&scope=eccas&who=others&cursor=gh/fiu&limit=200&lang=sw&protectedFrom=GH`];
  return {
    ...textTarget("gateways/parseAudienceQuery", seeds, (text) => {
      const { header, limit } = parseAudienceQuery(new URLSearchParams(text));
      hold(limit >= 1 && limit <= 200, "a page is asked for beyond its limits");
      hold(header.recs.length * header.crimes.length <= 12, "one question asks for more than a call's work");
      certain("finding readers", () => previewAudience(view, header, fuzzNow));
    }),
    codes,
  };
} // prettier-ignore

/** Readers of questions in an address: to whom a copy goes, why somebody may read, who would read. */
export function makeQueryTargets(ground: FuzzGround): readonly Target[] {
  return [receiverTarget, auditTarget, decisionTarget(ground), audienceTarget(ground)];
}
