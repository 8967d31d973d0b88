/** `node test/kit/killed-broker.ts '{"name":"append","nth":1}' run --config FILE`: the broker, which ends at that step. */
import { runBrokerCommand } from "../../broker/index.ts";
import { changeHubLimits } from "./hub-limits.ts";
import { killAt, type Step } from "./kill-at.ts";

const [step = "{}", ...args] = process.argv.slice(2);
changeHubLimits({ refusalsBurst: 1_000_000 });
killAt(JSON.parse(step) as Step);
process.exitCode = await runBrokerCommand(args, (line) => void process.stderr.write(`${line}\n`));
