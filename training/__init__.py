"""Make the bundled embedding model again: `python -m training`."""
