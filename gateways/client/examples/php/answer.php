<?php // Answers a request.information by the beginning of an answer that the gateway makes: answer.php ID TEXT
require __DIR__ . '/gateway.php';

finish(function () use ($argv) {
    [, $id, $text] = $argv;
    $request = ask('GET', "/v1/messages/$id");
    // to whom, in which thread, in reply to what, under which restrictions: all of it is there
    $message = ask('GET', "/v1/messages/$id/answer-draft")['message'];
    $message['status'] = $request['status']; // an exercise is answered by an exercise
    // how far the source is believed, and what it says
    $message['inner']['evaluation'] = ['scheme' => 'EUROPOL_4X4', 'sourceGrade' => 'EUROPOL_A', 'informationGrade' => 'EUROPOL_1'];
    $items = array_column($request['body']['askedItems'], 'item');
    $said = ['outcome' => 'HIT', 'text' => ['text' => $text, 'lang' => 'en'], 'sources' => ['COMPANY_REGISTER']];
    $answers = array_map(fn($item) => ['item' => $item] + $said, $items);
    $message['body'] = ['outcome' => 'HIT', 'itemCodes' => $items, 'itemAnswers' => $answers] + $message['body'];
    $sent = ask('POST', '/v1/messages', $message, "answer-$id");
    echo "$sent[id] answers $id to ", implode(', ', $sent['audience']), "\n";
});
