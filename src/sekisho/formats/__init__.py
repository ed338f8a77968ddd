"""How headers, pages and files are put together; knows structure, never rights."""
