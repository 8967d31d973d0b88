import { parseLogLines } from "../../../gateways/cli/support-log.ts";
import { showConfig } from "../../../gateways/config-shown.ts";
import { hold } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const line =
  '{"level":30,"time":"2026-03-09T14:05:00.000Z","name":"gateway","agency":"ng/tcu","msg":"hub not reached"}';
const known =
  /^(?:level|time|name|msg|agency|hub|code|type|channel|stream|version|count|epoch|port|ms|status)$/;
const config = {
  agency: "ng/tcu",
  api: { host: "127.0.0.1", port: 7400 },
  store: { protector: "pkcs11:token=t;object=o;pin-value=1234" },
  registerUrls: ["https://a:b@repo.example/r?t=1", "file:///r"],
  oidc: { clientSecretFile: "f", clientSecret: "x" },
};

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What goes into a bundle for whoever helps, from a log and a configuration that anybody may have written. */
export const supportTargets: readonly Target[] = [
  textTarget("gateways/parseLogLines", [line, `${line}\n${line}`, `${line}\nno line of ours`], (text) => {
    const { lines, leftOut } = parseLogLines(text);
    hold(lines.length <= 500 && leftOut <= 500, "more lines are taken than are told");
    for (const one of lines) {
      hold(Object.keys(one).every((name) => known.test(name)), "a member that may say more is taken");
      hold(textsIn(one).every((value) => value.length <= 200 && !/[^\x20-\x7e]/.test(value)), "a word is no word of ours");
    }
  }),
  jsonTarget("gateways/showConfig", [config], (text) => {
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return;
    }
    const shown = textsIn(showConfig(json, []));
    hold(shown.every((one) => !/^pkcs11:.*pin-value=/i.test(one)), "a PIN is shown");
    hold(shown.every((one) => !/^https?:\/\/[^/]*@/i.test(one) && !/^https?:.*\?/i.test(one)), "what opens an address is shown");
  }),
]; // prettier-ignore
