"""What a video job is and how it ages: pure and synchronous, with the time as an argument."""
