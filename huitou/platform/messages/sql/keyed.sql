-- One row per key that has a message.
SELECT key, id, digest FROM platform_message WHERE key = ANY (%(key)s)
