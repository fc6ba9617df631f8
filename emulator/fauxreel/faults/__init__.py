"""Faults on demand: rules that match requests and say what goes wrong; all of it pure values."""
