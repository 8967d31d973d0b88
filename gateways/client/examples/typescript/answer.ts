/** Answers a request.information by the beginning of an answer that the gateway makes: answer.ts ID TEXT */
import { finish, gateway } from "./gateway.ts";

const [, , id = "", text = ""] = process.argv;
const place = { params: { path: { id } } };

await finish(async () => {
  const request: any = (await gateway.api.GET("/v1/messages/{id}", place)).data;
  // to whom, in which thread, in reply to what, under which restrictions: all of it is there
  const draft: any = (await gateway.api.GET("/v1/messages/{id}/answer-draft", place)).data;
  const items: string[] = request.body.askedItems.map((asked: any) => asked.item);
  const said = { outcome: "HIT", text: { text, lang: "en" }, sources: ["COMPANY_REGISTER"] };
  // how far the source is believed, and what it says
  const evaluation = {
    scheme: "EUROPOL_4X4",
    sourceGrade: "EUROPOL_A",
    informationGrade: "EUROPOL_1",
  };
  const itemAnswers = items.map((item) => ({ item, ...said }));
  const message = {
    ...draft.message,
    status: request.status, // an exercise is answered by an exercise
    inner: { ...draft.message.inner, evaluation },
    body: { ...draft.message.body, outcome: "HIT", itemCodes: items, itemAnswers },
  };
  const sent = await gateway.send(message, `answer-${id}`);
  console.log(`${sent.id} answers ${id} to ${sent.audience.join(", ")}`);
});
