"""How fast the emulator is, beside others and in one run: `make bench`."""
