<?php // Takes webhooks, keeps each new message as inbox/ID.json: php -S 127.0.0.1:PORT receive.php. Keeps running.
require __DIR__ . '/gateway.php';
require __DIR__ . '/webhook.php';

function keep(string $href): void
{
    $message = ask('GET', $href);
    if (!is_dir('inbox')) mkdir('inbox');
    file_put_contents("inbox/$message[id].json", json_encode($message, JSON_PRETTY_PRINT)); // told twice, it is still one file
    file_put_contents('php://stdout', "received $message[id] $message[type] from $message[originator]\n");
}

chdir($_SERVER['DOCUMENT_ROOT']); // where it was started
$body = file_get_contents('php://input', length: 100_000);
if (!isOurs($_SERVER, $body, read('webhook.json')['secret'])) {
    http_response_code(401);
    return;
}
http_response_code(204);
try {
    $event = json_decode($body, true);
    if ($event['type'] === 'message.stored') keep($event['data']['href']);
} catch (Problem $problem) {
    error_log($problem->getMessage());
    if ($problem->retry === 'later') http_response_code(503); // told again; what is gone is gone
}
