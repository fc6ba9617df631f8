"""The contract of the video API as a suite that runs against any server, ours or not.

`fauxreel contracts run URL` runs it; `pytest --pyargs fauxreel_contracts` does so with pytest.
"""
