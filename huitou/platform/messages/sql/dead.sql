-- One row per address digest, of those asked about, from which a message came back for good.
SELECT digest FROM platform_deadaddress WHERE channel = %(channel)s AND digest = ANY (%(digests)s)
