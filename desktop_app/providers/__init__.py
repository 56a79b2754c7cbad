"""The services that answer. Only here is an SDK or an HTTP library imported."""
