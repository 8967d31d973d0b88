import java.util.*;

/** Answers a request.information by the beginning of an answer that the gateway makes: Answer ID TEXT */
final class Answer {
  public static void main(String[] args) throws Exception {
    Gateway.finish(() -> {
      String id = args[0];
      Object request = Gateway.ask("GET", "/v1/messages/" + id);
      // to whom, in which thread, in reply to what, under which restrictions: all of it is there
      Map<String, Object> message = Json.get(Gateway.ask("GET", "/v1/messages/" + id + "/answer-draft"), "message");
      message.put("status", Json.get(request, "status")); // an exercise is answered by an exercise
      // how far the source is believed, and what it says
      Json.<Map<String, Object>>get(message, "inner").put("evaluation",
          Map.of("scheme", "EUROPOL_4X4", "sourceGrade", "EUROPOL_A", "informationGrade", "EUROPOL_1"));
      List<Object> items = new ArrayList<>(), answers = new ArrayList<>();
      for (Object asked : Json.<List<Object>>get(request, "body", "askedItems")) {
        items.add(Json.get(asked, "item"));
        answers.add(Map.of("item", Json.get(asked, "item"), "outcome", "HIT", "text", Map.of("text", args[1], "lang", "en"), "sources", List.of("COMPANY_REGISTER")));
      }
      Json.<Map<String, Object>>get(message, "body").putAll(Map.of("outcome", "HIT", "itemCodes", items, "itemAnswers", answers));
      Object sent = Gateway.send("POST", "/v1/messages", message, "answer-" + id);
      System.out.println(Json.get(sent, "id") + " answers " + id + " to " + String.join(", ", Json.<List<String>>get(sent, "audience")));
    });
  }
}
