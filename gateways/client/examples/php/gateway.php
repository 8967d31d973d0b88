<?php // Asks the gateway that access.json in this folder names. By itself: gateway.php METHOD PATH [JSON]
final class Problem extends Exception // a no of the gateway (RFC 9457): its code, what it says, each field that is wrong
{
    public readonly ?string $retry;

    public function __construct(?array $said)
    {
        $lines = array_map(fn($one) => "\n  $one[pointer]: $one[detail]", $said['errors'] ?? []);
        parent::__construct(($said['code'] ?? 'no gateway') . ': ' . ($said['detail'] ?? '') . implode('', $lines));
        $this->retry = $said['retry'] ?? 'later';
    }
}

function read(string $file): array
{
    return json_decode(file_get_contents($file), true, flags: JSON_THROW_ON_ERROR);
}

function call(string $method, string $path, ?string $body, array $headers): ?array
{
    $http = ['method' => $method, 'header' => $headers, 'content' => $body ?? '', 'ignore_errors' => true, 'timeout' => 70];
    $text = @file_get_contents(read('access.json')['url'] . $path, false, stream_context_create(['http' => $http]));
    $said = $text === false ? null : json_decode($text, true);
    if ($text === false || (int) explode(' ', $http_response_header[0])[1] >= 400) throw new Problem($said);
    return $said;
}

function token(): string
{
    static $token = '', $until = 0;
    $access = read('access.json');
    if (isset($access['tokenFile'])) return trim(file_get_contents($access['tokenFile']));
    if (time() < $until) return $token;
    $machine = read($access['machineFile']); // what `machine add --json` printed
    $basic = base64_encode("$machine[id]:{$machine['proof']['secret']}");
    $headers = ["Authorization: Basic $basic", 'Content-Type: application/x-www-form-urlencoded'];
    $given = call('POST', '/v1/oauth/token', 'grant_type=client_credentials', $headers);
    $until = time() + $given['expires_in'] - 60;
    return $token = $given['access_token'];
}

function ask(string $method, string $path, ?array $body = null, ?string $key = null): ?array
{
    $headers = ['Authorization: Bearer ' . token()];
    if ($key !== null) $headers[] = "Idempotency-Key: $key";
    if ($body !== null) $headers[] = 'Content-Type: application/json';
    return call($method, $path, $body === null ? null : json_encode($body), $headers);
}

function finish(callable $work): void // shows a no, and ends with 1
{
    try {
        $work();
    } catch (Problem $problem) {
        fwrite(STDERR, $problem->getMessage() . "\n");
        exit(1);
    }
}

if (PHP_SAPI === 'cli' && realpath($argv[0]) === __FILE__) {
    $body = isset($argv[3]) ? json_decode($argv[3], true) : null;
    finish(fn() => print(json_encode(ask($argv[1], $argv[2], $body), JSON_PRETTY_PRINT) . "\n"));
}
