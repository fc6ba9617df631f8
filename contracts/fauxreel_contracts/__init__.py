"""The contract of the video API as a suite: it runs against any server, so it imports no emulator.

The clauses are still to come; the name is reserved so that both packages ship in one wheel.
"""
