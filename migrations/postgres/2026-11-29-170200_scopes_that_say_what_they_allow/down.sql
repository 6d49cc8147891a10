UPDATE api_keys SET scopes = REPLACE(REPLACE(scopes, ' contacts:reveal', ''), ' reports:write', '');
