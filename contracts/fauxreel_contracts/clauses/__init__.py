"""The clauses, a module a topic; `registry.py` lists the modules."""
