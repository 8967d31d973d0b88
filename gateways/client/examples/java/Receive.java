import com.sun.net.httpserver.*;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.*;

/** Takes webhooks at 127.0.0.1:PORT, keeps each new message as inbox/ID.json: Receive PORT. Keeps running. */
final class Receive {
  private static int take(byte[] body) throws Exception {
    Object event = Json.parse(new String(body, "UTF-8"));
    if (!"message.stored".equals(Json.get(event, "type"))) return 204;
    try {
      Object message = Gateway.ask("GET", Json.get(event, "data", "href"));
      Files.writeString(Path.of("inbox/" + Json.get(message, "id") + ".json"), Json.render(message)); // told twice, it is still one file
      System.out.println("received " + Json.get(message, "id") + " " + Json.get(message, "type") + " from " + Json.get(message, "originator"));
      return 204;
    } catch (IOException | Gateway.Problem error) {
      System.err.println(error.getMessage());
      return error instanceof Gateway.Problem no && !no.mayComeLater ? 204 : 503; // 503: tell us again; what is gone is gone
    }
  }

  private static void answer(HttpExchange call) throws IOException {
    int status = 500;
    try {
      byte[] body = call.getRequestBody().readNBytes(100_000);
      String secret = Json.get(Gateway.read("webhook.json"), "secret");
      status = Webhook.isOurs(call.getRequestHeaders(), body, secret) ? take(body) : 401;
    } catch (Exception error) { error.printStackTrace(); }
    call.sendResponseHeaders(status, -1);
  }

  public static void main(String[] args) throws IOException {
    Files.createDirectories(Path.of("inbox"));
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
    server.createContext("/", Receive::answer);
    server.start();
  }
}
