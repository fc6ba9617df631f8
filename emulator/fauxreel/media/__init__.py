"""Real media for every job: shipped clips, looped to length and stamped with the job's own words.

`library` is the door for the service, `inspect` and `build` for the command line, `reference` for
what clients upload.
"""
