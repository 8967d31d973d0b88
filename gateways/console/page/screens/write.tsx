import type { VNode } from "preact";

import { keepDraft } from "../ground/answers.ts";
import { go } from "../ground/place.ts";
import { say, typeName } from "../ground/words.ts";
import { Act } from "../parts/act.tsx";
import { Heading } from "../parts/heading.tsx";

/** What officers begin by themselves; answers begin at what they answer. */
const templates = [
  "alert.incident",
  "request.information",
  "query.check",
  "fiu.request",
  "fiu.spontaneous",
  "asset.trace_request",
  "firearm.trace_request",
  "seizure.report",
  "bulletin.red_flag",
  "warning.trend",
] as const;

async function begin(type: string, status: "ACTUAL" | "EXERCISE"): Promise<void> {
  const draft = await keepDraft({
    type,
    crimes: [],
    handling: "H1",
    urgency: "NORMAL",
    status,
    body: {},
  });
  go(`write/${draft}`);
}

/** What to write: a real one, or a drill that takes the same way. */
export function Write(): VNode {
  return (
    <>
      <Heading title={say("nav.write")} />
      <p>{say("write.choose")}</p>
      <ul class="templates">
        {templates.map((type) => (
          <li key={type}>
            <Act kind="main" name={type} act={async () => await begin(type, "ACTUAL")}>
              {typeName(type)}
            </Act>{" "}
            <Act name={`${type} drill`} act={async () => await begin(type, "EXERCISE")}>
              {say("write.drill")}
            </Act>
          </li>
        ))}
      </ul>
    </>
  );
}
