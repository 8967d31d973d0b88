<?php // Sends a message once, however often this is started with one key, and shows its ladder: send.php FILE KEY
require __DIR__ . '/gateway.php';

finish(function () use ($argv) {
    [, $file, $key] = $argv;
    $sent = ask('POST', '/v1/messages', read($file), $key);
    sort($sent['audience']);
    echo "$sent[id] goes to ", implode(', ', $sent['audience']), "\n";
    for ($try = 0; $try < 120; $try += 1) {
        $message = ask('GET', "/v1/messages/$sent[id]");
        if (!in_array($message['state'], ['QUEUED', 'ACCEPTED'])) break;
        usleep(500_000); // without a link it stays QUEUED: the gateway sends it once there is one
    }
    echo "$message[state]\n";
    foreach ($message['ladder'] as $rung) echo "  $rung[kind] by $rung[by] ", $rung['detail'] ?? '', "\n";
});
