"""What plugins are told and asked: protocols, hook specifications, and how plugins are loaded."""
