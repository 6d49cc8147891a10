-- Revealing contacts and reporting have scopes of their own; keys that could do both as `messages:write` still can.
UPDATE api_keys SET scopes = scopes || ' contacts:reveal reports:write' WHERE ' ' || scopes || ' ' LIKE '% messages:write %';
