<?php // Whether a call comes from the gateway: a signature by the Standard Webhooks specification.
function isOurs(array $server, string $body, string $secret): bool
{
    $sentAt = $server['HTTP_WEBHOOK_TIMESTAMP'] ?? '';
    if (!ctype_digit($sentAt) || abs(time() - (int) $sentAt) > 300) return false; // perhaps played back
    $text = ($server['HTTP_WEBHOOK_ID'] ?? '') . ".$sentAt.$body";
    $mac = hash_hmac('sha256', $text, base64_decode(substr($secret, strlen('whsec_'))), true);
    $given = explode(' ', $server['HTTP_WEBHOOK_SIGNATURE'] ?? ''); // several while a secret is changed
    return array_filter($given, fn($one) => hash_equals('v1,' . base64_encode($mac), $one)) !== [];
}
