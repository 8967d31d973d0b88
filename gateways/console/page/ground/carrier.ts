import { api, had } from "./api.ts";
import { after, now } from "./clock.ts";
import type { Carrier } from "./upload.ts";

const pauseMs = 2_000;

/** The gateway, by its API. */
export const gatewayCarrier: Carrier = {
  begin: async (body) => had((await api.POST("/v1/attachments", { body })).data),
  find: async (id) => had((await api.GET("/v1/attachments/{id}", { params: { path: { id } } })).data),
  put: async (id, offset, bytes) => {
    const params = { path: { id }, header: { "upload-offset": String(offset) } };
    const headers = { "content-type": "application/partial-upload" };
    const sent = await api.PATCH("/v1/attachments/{id}", { params, body: bytes, bodySerializer: () => bytes, headers });
    return had(sent.data);
  },
  pause: async () => await new Promise((resolve) => void after(pauseMs, resolve)),
  now,
}; // prettier-ignore

/** Takes the bytes of an upload away again; a message that names them then only speaks of the file. */
export async function dropUpload(id: string): Promise<void> {
  await api.DELETE("/v1/attachments/{id}", { params: { path: { id } } });
}
