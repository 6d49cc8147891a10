DROP TABLE api_key_origins;
