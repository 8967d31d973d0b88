import { describe, expect, it } from "vitest";

import { coversType } from "../../certs/trust/index.ts";
import { planRegion } from "../../deploy/local/plan.ts";
import { type MessageType, typeOptions } from "../../schemas/index.ts";
import { workflows } from "../../schemas/work/workflows/index.ts";

const { agencies, mandates } = planRegion(0);

function maySay(kind: string, type: MessageType): boolean {
  const { signers = [] } = typeOptions(type) ?? {};
  return signers.length === 0 || signers.includes(kind);
}

/** Whether agencies of a kind have a mandate to publish a type, wherever it travels. */
function isAllowed(kind: string, type: MessageType): boolean {
  const own = new Set(agencies.filter((one) => one.kind === kind).map(({ agency }) => agency));
  const isFeed = typeOptions(type)?.scope === "FEED";
  return mandates.some(
    ({ agency, action, scope, types }) =>
      own.has(agency) &&
      action === "PUBLISH" &&
      (scope !== "direct") === isFeed &&
      coversType(types, type),
  );
}

describe("the local region", () => {
  it.each(["FIU", "TCU"])("lets an agency carry on to its end what it may open: %s", (kind) => {
    const own = workflows.filter(({ opens }) => opens.some((type) => maySay(kind, type) && isAllowed(kind, type))); // prettier-ignore
    expect(own.length).toBeGreaterThan(0);
    const unable = own.flatMap(({ name, moves }) =>
      moves.flatMap(({ on }) =>
        maySay(kind, on) && !isAllowed(kind, on) ? [`${name} ${on}`] : [],
      ),
    );
    expect([...new Set(unable)]).toEqual([]);
  });
});
