"""What tests of stores ask for: a database on a real server."""

from servers import postgres_url as postgres_url
