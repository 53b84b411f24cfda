"""What tests lean on and that is no test: servers, databases, watchers."""
