import type { OperationCount } from "../gen/index.ts";
import { addDecimals } from "../tables/index.ts";
import type { OperationView } from "./operation-view.ts";
import type { Step } from "./step.ts";

/** What one message adds to a figure of an operation. */
interface OperationFigure {
  /** A code of OPERATION_MEASURE. */
  readonly measure: string;
  readonly agency: string;
  readonly number: number;
  readonly commodity?: string | undefined;
  readonly quantity?: { readonly value: string; readonly unit: string } | undefined;
  /** The message it was counted from. */
  readonly message: string;
}

/** One figure of an operation, beside what was aimed at. */
export interface OperationTarget {
  readonly measure: string;
  readonly country?: string | undefined;
  readonly commodity?: string | undefined;
  /** Left out where it is counted and nothing was aimed at. */
  readonly goal?: OperationCount | undefined;
  /** Left out where no message tells it: then only what was reported at the close is known. */
  readonly number?: number | undefined;
  /** In the unit that was aimed at; of several units none. */
  readonly quantity?: { readonly value: string; readonly unit: string } | undefined;
  readonly byMember: readonly { readonly agency: string; readonly number: number }[];
  /** How many messages it was counted from. */
  readonly messages: number;
  /** As the operation's close reports it. */
  readonly reported?: number | undefined;
}

type Told = Omit<OperationFigure, "agency" | "message">;

function countFeedback(step: Step): readonly Told[] {
  const said = step.read("control.feedback");
  if (said === undefined) return [];
  const controls = said.result.startsWith("CONTROLLED_") ? 1 : 0;
  return [
    { measure: "FEEDBACKS", number: 1 },
    { measure: "CONTROLS", number: controls },
  ];
}

function countSeizure(step: Step): readonly Told[] {
  const said = step.read("seizure.report");
  if (said === undefined) return [];
  const goods = said.commodities.map(({ kind, quantity }): Told => ({ measure: "GOODS_SEIZED", number: 1, commodity: kind, quantity }));
  return [
    { measure: "SEIZURES", number: 1 },
    ...goods,
    { measure: "FIREARMS_SEIZED", number: said.firearms.length },
    { measure: "ARRESTS", number: said.arrests ?? 0 },
  ];
} // prettier-ignore

function toldBy(step: Step): readonly Told[] {
  if (step.type === "target.warning") return [{ measure: "WARNINGS", number: 1 }];
  if (step.type === "query.check") return [{ measure: "DATABASE_CHECKS", number: 1 }];
  return [...countFeedback(step), ...countSeizure(step)];
}

/** The measures that messages tell of; all others are known from reports alone. */
const counted: ReadonlySet<string> = new Set(["WARNINGS", "FEEDBACKS", "CONTROLS", "DATABASE_CHECKS", "SEIZURES", "GOODS_SEIZED", "FIREARMS_SEIZED", "ARRESTS"]); // prettier-ignore

/** What the messages of an operation add up to, message by message: only those that are of it count. */
export function figuresOf({ inside }: Pick<OperationView, "inside">): readonly OperationFigure[] {
  return inside.flatMap((step) =>
    toldBy(step).flatMap((told) =>
      told.number === 0 ? [] : [{ ...told, agency: step.from, message: step.id }],
    ),
  );
}

function countryOf(agency: string): string {
  return (agency.split("/")[0] ?? "").toUpperCase();
}

type Aim = Pick<OperationTarget, "measure" | "country" | "commodity" | "goal">;

function isAimedAt({ measure, country, commodity }: Aim, one: Pick<OperationFigure, "measure" | "agency" | "commodity">): boolean {
  const isHere = country === undefined || countryOf(one.agency) === country;
  return one.measure === measure && isHere && (commodity === undefined || one.commodity === commodity);
} // prettier-ignore

function addUp({ goal }: Aim, figures: readonly OperationFigure[]): OperationTarget["quantity"] {
  const unit = goal?.quantity?.unit;
  const values = figures.flatMap(({ quantity }) => (quantity?.unit === unit ? [quantity?.value ?? "0"] : []));
  return unit === undefined ? undefined : { value: addDecimals(values), unit };
} // prettier-ignore

function reportedOf(view: OperationView, { measure, country, commodity }: Aim): number | undefined {
  const results = view.closing?.read("operation.close")?.results ?? [];
  const own = results.filter((one) => one.measure === measure && one.country === country && one.commodity === commodity);
  return own.length === 0 ? undefined : own.reduce((sum, { number }) => sum + number, 0);
} // prettier-ignore

function reach(view: OperationView, aim: Aim, figures: readonly OperationFigure[]): OperationTarget {
  const own = figures.filter((one) => isAimedAt(aim, one));
  const members = Map.groupBy(own, ({ agency }) => agency);
  const sum = (some: readonly OperationFigure[]): number => some.reduce((before, { number }) => before + number, 0);
  const byMember = [...members].map(([agency, some]) => ({ agency, number: sum(some) }));
  return {
    ...aim,
    number: counted.has(aim.measure) ? sum(own) : undefined,
    quantity: addUp(aim, own),
    byMember: byMember.toSorted((a, b) => (a.agency < b.agency ? -1 : 1)),
    messages: new Set(own.map(({ message }) => message)).size,
    reported: reportedOf(view, aim),
  };
} // prettier-ignore

/** What was reached of what was aimed at, and of what else is counted in an operation, as its messages tell it. */
export function targetsOf(view: OperationView): readonly OperationTarget[] {
  const { goals, measures } = view.plan;
  const figures = figuresOf(view);
  const aims = goals.map((goal): Aim => {
    const { measure, country, commodity } = goal;
    return { measure, country, commodity, goal };
  });
  const aimed = new Set(goals.map(({ measure }) => measure));
  const others = measures.filter((measure) => !aimed.has(measure)).map((measure): Aim => ({ measure }));
  return [...aims, ...others].map((aim) => reach(view, aim, figures));
} // prettier-ignore
