"""How a store's tables came to be what they are: one file for each change, applied by alembic when a store is opened for writing."""
