import { addDecimals } from "../../schemas/tables/index.ts";
import { type Fact, type Facts, factsOfEach, groupSaid } from "./fact.ts";
import type { Source } from "./sources.ts";
import type { Told } from "./told.ts";

type Commodity = NonNullable<Told["seizure"]>["commodities"][number];

/** Above it numbers lose their last digits, and no price is one. */
const most = 1e12;

/** What one unit of something was held to be worth, in hundredths; undefined where not both are told. */
function unitPrice({ quantity, estimatedValue }: Commodity): Fact["price"] {
  if (quantity === undefined || estimatedValue === undefined || quantity.unit === "UNKNOWN") return undefined;
  const price = Number(estimatedValue.amount) / Number(quantity.value);
  if (!(price > 0 && price < most)) return undefined;
  return { amount: addDecimals([price.toFixed(2)]), currency: estimatedValue.currency, unit: quantity.unit };
} // prettier-ignore

function ofGoods({ seq, told, crimes, firstAt: at }: Source): readonly Fact[] {
  return (told.seizure?.commodities ?? []).flatMap((goods): readonly Fact[] => {
    const price = unitPrice(goods);
    if (price === undefined) return [];
    return [{ indicator: "PRICE", at, count: 1, under: { commodity: goods.kind }, crime: crimes[0] ?? "other", messages: [seq], price }];
  });
} // prettier-ignore

/** Of each movement the price of a person, as it was told last. */
function* ofPersons(own: readonly Source[]): Facts {
  const byCase = yield* groupSaid(own, ({ id, told: { movement } }) =>
    movement?.price === undefined ? undefined : { key: movement.caseRef ?? id, body: movement.price },
  );
  yield* factsOfEach(byCase.values(), (said) => {
    const [first, last] = [said[0], said.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { amount, currency } = last.body;
    const { crimes, seq } = last.source;
    return [{ indicator: "PRICE", at: first.source.firstAt, count: 1, under: {}, crime: crimes[0] ?? "other", messages: [seq], price: { amount, currency } }];
  });
} // prettier-ignore

/** What an agency's own messages tell of prices: of goods what they were held to be worth, of the smuggled what was paid for one. */
export function* countPrices(own: readonly Source[]): Facts {
  yield* factsOfEach(own, ofGoods);
  yield* ofPersons(own);
}
