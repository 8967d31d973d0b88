import { parseTraceparent } from "../../../gateways/traces/index.ts";
import { hold } from "../promises.ts";
import { type Target, textTarget } from "../target.ts";

/** What a caller's header says of the trace that a request is a part of. */
export const seeingTargets: readonly Target[] = [
  textTarget(
    "gateways/parseTraceparent",
    ["00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    (text) => {
      const found = parseTraceparent(text);
      if (found === undefined) return;
      hold(/^[0-9a-f]{32}$/.test(found.traceId), "a trace is named by something else");
      hold(/^[0-9a-f]{16}$/.test(found.spanId), "a span is named by something else");
    },
  ),
];
