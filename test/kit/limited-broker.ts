/** `node test/kit/limited-broker.ts '{"loginLifetimeMs":4000}' run --config FILE`: the broker, with other limits. */
import { runBrokerCommand } from "../../broker/index.ts";
import { changeHubLimits, type LimitChange } from "./hub-limits.ts";

const [limits = "{}", ...args] = process.argv.slice(2);
changeHubLimits(JSON.parse(limits) as LimitChange);
process.exitCode = await runBrokerCommand(args, (line) => void process.stderr.write(`${line}\n`));
