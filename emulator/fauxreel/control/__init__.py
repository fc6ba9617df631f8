"""The control API below `/_fauxreel`: what a test tells the emulator, and asks it."""
