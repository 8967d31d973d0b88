import { checkDirectLevel, isDirectChannel, parseFeedChannel } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { decide, type Decision, denialCode, type Question } from "../../certs/trust/index.ts";
import type { Bench, Shaped, Step } from "./verdict.ts";

function expectAllowed(decision: Decision, what: string): void {
  if (decision.allow) return;
  throw new Fault(denialCode(decision.reason), `${what}: ${decision.reasons.join(", ")}`);
}

function feedQuestion({ channel, envelope }: Shaped): Question {
  const { rec: scope, crime, handling, type } = parseFeedChannel(channel);
  const { originator } = envelope;
  return { action: "PUBLISH", agency: originator, originator, scope, type, crime, handling };
}

/**
 * Type and crimes of a direct message are sealed from the hub, so they are left out of the question. Whose mailbox it
 * is the hub does know, so an agreement has to be one with him.
 */
function checkDirect({ envelope }: Shaped, { register, mailboxes, now }: Bench): void {
  const { originator, handling } = envelope;
  const common = { originator, scope: "direct", handling } as const;
  const recipients = envelope.mailboxes.map((mailbox) => mailboxes.get(mailbox) ?? originator);
  checkDirectLevel(envelope, recipients);
  for (const mailbox of envelope.mailboxes) {
    const recipient = mailboxes.get(mailbox);
    if (recipient === undefined) throw new Fault("MANDATE_MISSING", "a mailbox is nobody's");
    expectAllowed(
      decide(register, { ...common, action: "PUBLISH", agency: originator, recipient }, now),
      "sending direct messages",
    );
    expectAllowed(
      decide(register, { ...common, action: "READ", agency: recipient }, now),
      "a recipient's reading",
    );
  }
}

/** Refuses what no mandate of its originator allows on this channel, or whose recipient may not have it. */
export const mandateStep: Step<Shaped> = {
  name: "mandate",
  run: (item, bench) => {
    if (isDirectChannel(item.channel)) checkDirect(item, bench);
    else expectAllowed(decide(bench.register, feedQuestion(item), bench.now), "publishing here");
    return undefined;
  },
};
