"""The dialects, one module each, and what they share: bodies, credentials, answers, ranges."""
