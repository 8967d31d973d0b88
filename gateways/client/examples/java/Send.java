import java.util.*;

/** Sends a message once, however often this is started with one key, and shows its ladder: Send FILE KEY */
final class Send {
  public static void main(String[] args) throws Exception {
    Gateway.finish(() -> {
      Object sent = Gateway.send("POST", "/v1/messages", Gateway.read(args[0]), args[1]);
      String id = Json.get(sent, "id");
      System.out.println(id + " goes to " + String.join(", ", new TreeSet<>(Json.<List<String>>get(sent, "audience"))));
      Object message = Gateway.ask("GET", "/v1/messages/" + id);
      for (int n = 0; n < 120 && List.of("QUEUED", "ACCEPTED").contains(Json.get(message, "state")); n++) {
        Thread.sleep(500); // without a link it stays QUEUED: the gateway sends it once there is one
        message = Gateway.ask("GET", "/v1/messages/" + id);
      }
      System.out.println(Json.<String>get(message, "state"));
      for (Object rung : Json.<List<Object>>get(message, "ladder")) {
        System.out.println("  " + Json.get(rung, "kind") + " by " + Json.get(rung, "by") + " " + Objects.toString(Json.get(rung, "detail"), ""));
      }
    });
  }
}
