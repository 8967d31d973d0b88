/**
 * A process of its own for tests that move a whole process's clock: reads a register and its root, and prints what time
 * it is, and how far the register may be used.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { verifyRegister } from "../../certs/trust/index.ts";
import { registerUses } from "../../gateways/exchange/index.ts";
import { systemClock } from "../../schemas/ground/index.ts";

const [, , folder = ""] = process.argv;
const register = verifyRegister(readFileSync(join(folder, "register.bin")), {
  root: readFileSync(join(folder, "root.json")),
});
const now = systemClock.now();
const states = registerUses(register, now).map(({ handling, state }) => `${handling} ${state}`);
const before = systemClock.elapsed();
await new Promise<void>((resolve) => void setTimeout(resolve, 20));
process.stdout.write(JSON.stringify({ now, states, went: systemClock.elapsed() - before }));
