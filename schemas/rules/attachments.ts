import type { BodyContext, Rule } from "./rule.ts";
import { fieldIn, findMessages } from "./walk.ts";

/** A key without the list of what it opens, or a list that nobody can open, is a file that nobody ever sees. */
export const attachmentsComplete: Rule<BodyContext<object>> = {
  code: "RULE_ATTACHMENT_KEY_ALONE",
  says: "key and manifest stand together or not at all; give both, or leave both out",
  find: ({ message, body }) =>
    findMessages("Attachment", { name: message.name, value: body }).flatMap(({ path, value }) => {
      const [key, manifest] = [fieldIn(value, "key"), fieldIn(value, "manifest")];
      if ((key === undefined) === (manifest === undefined)) return [];
      return [`${path}/${key === undefined ? "key" : "manifest"}`];
    }),
};
