/**
 * `node test/e2e/join-main.ts`: plays a newcomer in a small region: he has a folder, a code, and the words on the screen. Says how
 * long the machine took from unpacking to his first message, delivered and proved, and what a person has to do meanwhile, in
 * minutes by the figures below. Ends with 1 when that is half an hour or more.
 */
import { playNewcomer } from "./join-newcomer.ts";

/** Minutes that a person takes, generously: to read and type a command, to be told sixteen letters, to send or fetch a file. */
const minutes = { command: 2, question: 4, carried: 4 };
const most = 30;

const { steps, commands, questions, carried, screen } = await playNewcomer();
console.log(screen);
for (const [name, ms] of Object.entries(steps)) console.log(`${(ms / 1000).toFixed(1)} s  ${name}`);
const machine = Object.values(steps).reduce((sum, ms) => sum + ms, 0) / 60_000;
const person =
  commands * minutes.command + questions * minutes.question + carried * minutes.carried;
console.log(
  `${commands} commands, ${questions} code told, ${carried} things carried: ${person} minutes of a person`,
);
console.log(
  `machine ${machine.toFixed(1)} minutes; together ${(machine + person).toFixed(1)} of ${most}`,
);
process.exitCode = machine + person < most ? 0 : 1;
process.exit();
