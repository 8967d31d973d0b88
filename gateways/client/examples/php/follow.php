<?php // Prints what becomes of messages. Goes on after a stop where it was, by the file cursor. Keeps running.
require __DIR__ . '/gateway.php';

finish(function () {
    $cursor = is_file('cursor') ? file_get_contents('cursor') : null;
    while (true) {
        $place = $cursor === null ? 'from=beginning' : "cursor=$cursor";
        try {
            $page = ask('GET', "/v1/changes?$place&wait=50");
        } catch (Problem $problem) {
            if ($problem->retry !== 'later') throw $problem;
            sleep(5); // the gateway is away or busy: nothing is lost meanwhile
            continue;
        }
        foreach ($page['items'] as $change) echo "$change[kind] $change[box] $change[state] $change[id]\n";
        $cursor = $page['next'];
        file_put_contents('cursor.new', $cursor);
        rename('cursor.new', 'cursor'); // after the work: what was cut off is told again
    }
});
