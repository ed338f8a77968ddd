"""The desks: one verb each, of the same name as the command and the Python function that call it."""
